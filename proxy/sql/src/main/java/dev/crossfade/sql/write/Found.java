package dev.crossfade.sql.write;

import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.parse.WriteOutline.Target;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The mapped tables that one statement was found to write, and the migrations that it concerns. */
final class Found {
  private final Function<Target, @Nullable WriteTarget> find;
  private final Set<String> migrations = new HashSet<>();

  Found(Function<Target, @Nullable WriteTarget> find) {
    this.find = find;
  }

  /**
   * @throws RefusedException when the name means no mapped table, or one that can not be written
   */
  WriteTarget table(Target name) throws RefusedException {
    WriteTarget target = find.apply(name);
    if (target == null) {
      throw new RefusedException(Refusal.NOT_MAPPED, name.token(), "it writes no mapped table");
    }
    String unfit = target.unfit();
    if (unfit != null) {
      throw new RefusedException(Refusal.NOT_WRITABLE, name.token(), unfit);
    }
    migrations.add(target.migration());
    return target;
  }

  void add(Set<String> others) {
    migrations.addAll(others);
  }

  Set<String> migrations() {
    return Set.copyOf(migrations);
  }
}
