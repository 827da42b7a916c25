package dev.crossfade.postgresql.catalog;

import dev.crossfade.postgresql.plan.CarriedTypes;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.type.Layout;
import dev.crossfade.postgresql.type.TypeMapping;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.lens.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Whether the types of a statement are the same on both sides, and what has to be changed on the
 * way of its values.
 */
final class TypeJudge {
  private final TypeMapping mapping;

  TypeJudge(TypeMapping mapping) {
    this.mapping = mapping;
  }

  /**
   * Why the other side cannot be asked, or its answer not be understood; null when it can. Columns
   * of a type that nobody knows, such as a table's rows, are left to {@link #agree}.
   */
  PlanState.@Nullable Refused refusal(ReadPlan.Description asked) {
    return refusal(asked.parameterTypes(), asked.rows());
  }

  /**
   * @param rows null when there are none
   */
  PlanState.@Nullable Refused refusal(int[] parameterTypes, @Nullable RowDescription rows) {
    for (int type : parameterTypes) {
      if (mapping.answering(type) == 0) {
        String why = mapping.refusal(type);
        return refused(why == null ? "a parameter's type is not known" : why);
      }
    }
    for (int column = 0; rows != null && column < rows.columns(); column++) {
      String why = mapping.refusal(rows.type(column));
      if (why != null) {
        return refused(why);
      }
    }
    return null;
  }

  /**
   * Why types that a client has fixed cannot be told to the side whose shape it speaks; null when
   * they can.
   *
   * @param answering OIDs of the side that answers; 0 where nothing is fixed
   */
  PlanState.@Nullable Refused refusalOfFixed(int[] answering) {
    for (int type : answering) {
      if (type != 0 && mapping.asked(type) == 0) {
        return refused("the type of a parameter has no partner in the other database");
      }
    }
    return null;
  }

  private static PlanState.Refused refused(String why) {
    return Refusals.of(Refusal.USER_TYPE.name(), why);
  }

  /** What the parameters' types are called on the side that answers. */
  int[] there(int[] parameterTypes) {
    int[] there = new int[parameterTypes.length];
    for (int i = 0; i < there.length; i++) {
      there[i] = mapping.answering(parameterTypes[i]);
    }
    return there;
  }

  private int[] there(RowDescription rows) {
    int[] there = new int[rows.columns()];
    for (int column = 0; column < there.length; column++) {
      there[column] = mapping.answering(rows.type(column));
    }
    return there;
  }

  /** The description as the side that answers would give it. */
  RowDescription described(RowDescription asked) {
    return asked.withTypes(there(asked));
  }

  /** What types of the side that answers are called on the other; 0 where they are not known. */
  int[] back(int[] parameterTypes) {
    int[] back = new int[parameterTypes.length];
    for (int i = 0; i < back.length; i++) {
      back[i] = mapping.asked(parameterTypes[i]);
    }
    return back;
  }

  /** Whether the side that answers gives the columns the types that are expected of it. */
  boolean agree(RowDescription asked, RowDescription answering) {
    return answering.hasTypes(there(asked));
  }

  /** Null when all types are built in. */
  @Nullable CarriedTypes carried(ReadPlan.Description asked) {
    if (!Refusals.hasUserTypes(asked)) {
      return null;
    }
    int[] parameters = asked.parameterTypes();
    @Nullable Layout[] ofParameters = new Layout[parameters.length];
    int[] seen = new int[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      ofParameters[i] = mapping.layoutOf(parameters[i]);
      seen[i] = mapping.seenAs(parameters[i]);
    }
    @Nullable Layout[] ofColumns = new Layout[asked.rows().columns()];
    for (int column = 0; column < ofColumns.length; column++) {
      ofColumns[column] = mapping.layoutOf(asked.rows().type(column));
    }
    return new CarriedTypes(there(parameters), there(asked.rows()), seen, ofParameters, ofColumns);
  }
}
