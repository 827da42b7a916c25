package dev.crossfade.postgresql.type;

import dev.crossfade.postgresql.type.Layout.Part;
import dev.crossfade.postgresql.type.UserType.Kind;
import dev.crossfade.postgresql.type.UserType.Name;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which type of the side whose shape the client speaks is which of the side that answers: the one
 * of the same schema and name, where both are made alike. Enums must have the same labels in the
 * same order, so that comparisons, sorting and casts give the same; domains the same base and
 * checks; composites the same attributes; what belongs to an extension the same version of it.
 *
 * <p>Built-in types are themselves everywhere.
 */
public final class TypeMapping {
  private static final String PUBLIC = "public";
  private static final int TIMESTAMPTZ = 1184;

  /** Knows built-in types only. */
  public static final TypeMapping NONE = new TypeMapping(UserTypes.NONE, UserTypes.NONE);

  private final UserTypes asked;
  private final UserTypes answering;
  private final Map<Name, UserType> answeringNames;
  private final Map<Integer, UserType> answeringArrays;

  /** By the OID of the asked side: its partner's, or 0 when it has none. */
  private final Map<Integer, Integer> partners = new HashMap<>();

  private final Map<Integer, Integer> partnersBack = new HashMap<>();

  /** Why a type has no partner. */
  private final Map<Integer, String> refusals = new HashMap<>();

  private final Map<Integer, Layout> layouts = new HashMap<>();

  public TypeMapping(UserTypes asked, UserTypes answering) {
    this.asked = asked;
    this.answering = answering;
    this.answeringNames = answering.byName();
    this.answeringArrays = answering.arrays();
    asked.byOid().keySet().forEach(this::match);
    for (int oid : asked.byOid().keySet()) {
      int partner = answering(oid);
      if (partner != 0) {
        partnersBack.put(partner, oid);
        layout(oid);
      }
    }
  }

  /** The OID of a type on the side that answers; 0 when there is none that is the same. */
  public int answering(int askedOid) {
    return UserType.isBuiltIn(askedOid) ? askedOid : partners.getOrDefault(askedOid, 0);
  }

  /**
   * The names, with and without the schema, by which a statement may call types that have a
   * partner. Without it only what is in {@code public}, where no other type has the name.
   */
  public Set<List<String>> steadyNames() {
    Set<List<String>> names = new HashSet<>();
    for (UserType type : asked.byOid().values()) {
      UserType partner = answering.byOid().get(answering(type.oid()));
      if (partner != null && type.kind() != Kind.ARRAY) {
        names.add(List.of(type.name().schema(), type.name().name()));
        if (type.unique() && partner.unique() && type.name().schema().equals(PUBLIC)) {
          names.add(List.of(type.name().name()));
        }
      }
    }
    return names;
  }

  /** The OID of the side whose shape is spoken, of the other's type; 0 when there is none. */
  public int asked(int answeringOid) {
    return UserType.isBuiltIn(answeringOid)
        ? answeringOid
        : partnersBack.getOrDefault(answeringOid, 0);
  }

  /** Where a type's binary values hold OIDs that differ; null when nowhere. */
  public @Nullable Layout layoutOf(int askedOid) {
    return layouts.get(askedOid);
  }

  /**
   * What values of a type are to one who looks for moments and for keys in them: a domain is its
   * base, and what may hold a moment anywhere is a timestamp.
   */
  public int seenAs(int askedOid) {
    UserType type = asked.byOid().get(askedOid);
    if (type == null) {
      return askedOid;
    }
    int first = askedOid;
    for (int part : type.parts()) {
      int seen = seenAs(part);
      if (TemporalTypes.contains(seen)) {
        return TIMESTAMPTZ;
      }
      first = seen;
    }
    return type.kind() == Kind.DOMAIN ? first : askedOid;
  }

  /** Why a type has no partner, for people; null when the type is not known at all. */
  public @Nullable String refusal(int askedOid) {
    return refusals.get(askedOid);
  }

  /** The partner's OID, or 0. */
  private int match(int oid) {
    if (UserType.isBuiltIn(oid)) {
      return oid;
    }
    Integer known = partners.get(oid);
    if (known != null) {
      return known;
    }
    UserType type = asked.byOid().get(oid);
    int partner = type == null ? 0 : match(type);
    partners.put(oid, partner);
    return partner;
  }

  private int match(UserType type) {
    UserType candidate = candidate(type);
    String why = null;
    if (candidate == null) {
      why = "the other database has no type " + type.name();
    } else if (candidate.kind() != type.kind()) {
      why = "type " + type.name() + " is another kind of type in the other database";
    } else if (!candidate.definition().equals(type.definition())) {
      why = "type " + type.name() + difference(type.kind());
    } else if (!partsAgree(type, candidate)) {
      why = "type " + type.name() + " is made of types that differ in the other database";
    }
    if (why != null || candidate == null) {
      refusals.put(type.oid(), Objects.requireNonNullElse(why, ""));
      return 0;
    }
    return candidate.oid();
  }

  private static String difference(Kind kind) {
    return switch (kind) {
      case ENUM -> " has other labels, or the same in another order, in the other database";
      case DOMAIN -> " has another collation or other checks in the other database";
      case COMPOSITE -> " has other attributes in the other database";
      case ARRAY, RANGE, MULTIRANGE -> " is made in another way in the other database";
      case BASE -> " is not of the same version of the same extension in the other database";
    };
  }

  private @Nullable UserType candidate(UserType type) {
    if (type.kind() == Kind.ARRAY) {
      int element = match(type.parts().getFirst());
      return element == 0 ? null : answeringArrays.get(element);
    }
    return answeringNames.get(type.name());
  }

  private boolean partsAgree(UserType type, UserType candidate) {
    if (type.parts().size() != candidate.parts().size()) {
      return false;
    }
    for (int i = 0; i < type.parts().size(); i++) {
      int partner = match(type.parts().get(i));
      if (partner == 0 || partner != candidate.parts().get(i)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Layout layout(int oid) {
    UserType type = asked.byOid().get(oid);
    if (type == null) {
      return null;
    }
    Layout known = layouts.get(oid);
    if (known != null) {
      return known;
    }
    List<Part> parts = new ArrayList<>();
    boolean carried = false;
    for (int part : type.parts()) {
      Part named = new Part(part, answering(part), layout(part));
      carried |= named.isCarried();
      parts.add(named);
    }
    Layout within = parts.isEmpty() ? null : parts.getFirst().within();
    Layout made =
        switch (type.kind()) {
          case ENUM, BASE -> null;
          case DOMAIN -> within;
          case ARRAY -> carried ? new Layout.ArrayOf(parts.getFirst()) : null;
          case COMPOSITE -> carried ? new Layout.Fields(parts) : null;
          case RANGE -> within == null ? null : new Layout.RangeOf(within);
          case MULTIRANGE -> within == null ? null : new Layout.MultirangeOf(within);
        };
    if (made != null) {
      layouts.put(oid, made);
    }
    return made;
  }

  /** Whether what was planned by another mapping is right by this one, too. */
  public boolean keeps(TypeMapping before) {
    for (Map.Entry<Integer, Integer> entry : before.partners.entrySet()) {
      Integer oid = entry.getKey();
      boolean same =
          entry.getValue() == 0
              || entry.getValue().equals(partners.get(oid))
                  && Objects.equals(asked.byOid().get(oid), before.asked.byOid().get(oid))
                  && Objects.equals(layouts.get(oid), before.layouts.get(oid));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** Whether the two sides have the same types as they had for another mapping. */
  public boolean isOf(UserTypes itsAsked, UserTypes itsAnswering) {
    return asked.equals(itsAsked) && answering.equals(itsAnswering);
  }
}
