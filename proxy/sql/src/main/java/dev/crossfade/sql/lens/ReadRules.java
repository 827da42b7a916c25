package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.Catalog;
import dev.crossfade.sql.lens.MappedTables.Mapped;
import dev.crossfade.sql.lens.MappedTables.Resolution;
import dev.crossfade.sql.lens.StatementAnalysis.Refused;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.StatementOutline.Column;
import dev.crossfade.sql.parse.StatementOutline.Feature;
import dev.crossfade.sql.parse.StatementOutline.FeatureKind;
import dev.crossfade.sql.parse.StatementOutline.Name;
import dev.crossfade.sql.parse.StatementOutline.Table;
import dev.crossfade.sql.parse.Tokens;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules that a read must keep to be the same on both sides. Each gives the first thing that
 * breaks it; what is not known to be safe is refused.
 */
final class ReadRules {
  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");

  private final MappedTables mapped;
  private final Catalog catalog;
  private final StatementOutline outline;
  private final Tokens tokens;
  private final Place place;

  /**
   * @param place where the read runs
   */
  ReadRules(
      MappedTables mapped, Catalog catalog, StatementOutline outline, Tokens tokens, Place place) {
    this.place = place;
    this.mapped = mapped;
    this.catalog = catalog;
    this.outline = outline;
    this.tokens = tokens;
  }

  /**
   * Why the statement is refused; null when it keeps all rules.
   *
   * @param asked whether the servers will be asked about what its words leave open, and columns be
   *     translated as well as tables
   */
  @Nullable Refused check(boolean asked) {
    Refused refused = write();
    refused = refused == null ? notMapped() : refused;
    refused = refused == null ? tables() : refused;
    refused = refused == null ? features() : refused;
    refused = refused == null ? columns(asked) : refused;
    refused = refused == null ? functions() : refused;
    refused = refused == null ? types() : refused;
    return refused == null ? moments(asked) : refused;
  }

  private @Nullable Refused write() {
    for (Feature feature : outline.features()) {
      if (feature.kind() == FeatureKind.WRITE) {
        return refuse(Refusal.NOT_A_READ, feature.token(), "it writes");
      }
    }
    return null;
  }

  private @Nullable Refused notMapped() {
    for (Table table : outline.tables()) {
      if (mapped.resolve(table) != Resolution.OTHER) {
        return null;
      }
    }
    return new Refused(Refusal.NOT_MAPPED, 0, "it reads no mapped table");
  }

  private @Nullable Refused tables() {
    for (Table table : outline.tables()) {
      String name = String.join(".", table.parts());
      switch (mapped.resolve(table)) {
        case OTHER -> {
          if (place == Place.HOME) {
            continue;
          }
          return refuse(Refusal.MIXED_TABLES, table.first(), name + " is not mapped");
        }
        case UNCLEAR -> {
          return refuse(
              Refusal.UNSUPPORTED_SYNTAX,
              table.first(),
              name + " may be another table; qualify it");
        }
        case MAPPED -> {
          if (table.only()) {
            return refuse(Refusal.UNSUPPORTED_SYNTAX, table.first(), "ONLY");
          }
        }
      }
    }
    return null;
  }

  private @Nullable Refused features() {
    for (Feature feature : outline.features()) {
      Refusal reason =
          switch (feature.kind()) {
            case WRITE -> Refusal.NOT_A_READ;
            case LOCK -> Refusal.LOCKING_READ;
            case INTO -> Refusal.SELECT_INTO;
            case TABLESAMPLE -> Refusal.TABLESAMPLE;
            case SERVER_VALUE -> place == Place.HOME ? null : Refusal.SERVER_DEPENDENT;
            case CLOCK -> place.isAuthority() ? null : Refusal.CLOCK;
            case QUALIFIED_OPERATOR, UNUSUAL -> Refusal.UNSUPPORTED_SYNTAX;
            case PARAMETER, NO_SELECT -> null;
          };
      if (reason != null) {
        return refuse(reason, feature.token(), tokens.text(feature.token()));
      }
    }
    return null;
  }

  private @Nullable Refused columns(boolean asked) {
    for (Column column : outline.columns()) {
      List<String> parts = column.parts();
      if (!column.star() && SYSTEM_COLUMNS.contains(parts.getLast())) {
        return refuse(Refusal.SYSTEM_COLUMN, column.token(), parts.getLast());
      }
      boolean row =
          parts.size() == 1
              && !column.expands()
              && isWholeRow(parts.getFirst(), column.star(), asked);
      if (row) {
        return refuse(Refusal.WHOLE_ROW, column.token(), parts.getFirst());
      }
    }
    QualifiedColumns qualified = new QualifiedColumns(mapped, outline, tokens);
    Column unclear = asked ? qualified.firstUnclear() : qualified.first();
    return unclear == null
        ? null
        : refuse(Refusal.QUALIFIED_COLUMN, unclear.token(), String.join(".", unclear.parts()));
  }

  /**
   * Whether a name alone means the rows of a mapped table; a column of that name, where there is
   * one, goes first. Such a row differs from old's in its type, which the servers show when they
   * are asked, and in its names when the table's columns are renamed, which they do not.
   */
  private boolean isWholeRow(String name, boolean star, boolean asked) {
    for (Table table : outline.tables()) {
      if (table.qualifier().equals(name)) {
        Mapped found = mapped.find(table);
        boolean column = !star && found != null && found.hasColumn(name);
        if (table.columnAliases() || !asked && !column) {
          return true;
        }
      }
    }
    return false;
  }

  private @Nullable Refused functions() {
    for (Name function : outline.functions()) {
      Refusal reason =
          switch (place) {
            case HOME -> SteadyNames.relationFunction(function.parts());
            case AUTHORITY -> SteadyNames.onceFunction(function.parts(), catalog.steadyFunctions());
            case BESIDE -> SteadyNames.function(function.parts(), catalog.steadyFunctions());
          };
      if (reason != null) {
        return refuse(reason, function.token(), String.join(".", function.parts()) + "()");
      }
    }
    return null;
  }

  private @Nullable Refused types() {
    for (Name type : outline.types()) {
      Refusal reason = SteadyNames.type(type.parts(), catalog.steadyTypes());
      if (reason != null) {
        return refuse(reason, type.token(), String.join(".", type.parts()));
      }
    }
    for (Name collation : outline.collations()) {
      if (!SteadyNames.isSteadyCollation(collation.parts())) {
        return refuse(
            Refusal.USER_TYPE, collation.token(), "COLLATE " + String.join(".", collation.parts()));
      }
    }
    return null;
  }

  private @Nullable Refused moments(boolean asked) {
    if (place.isAuthority()) {
      return null;
    }
    MomentConstants moments = new MomentConstants(tokens);
    int token = asked ? moments.surelyAt() : moments.first();
    // Its text may be a person's data, which has no place in a report.
    return token < 0
        ? null
        : refuse(Refusal.CLOCK, token, "a constant that may mean another moment each time");
  }

  private Refused refuse(Refusal reason, int token, String detail) {
    return new Refused(reason, tokens.start(token), detail);
  }
}
