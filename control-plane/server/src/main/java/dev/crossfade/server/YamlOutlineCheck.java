package dev.crossfade.server;

import dev.crossfade.engine.catalog.CatalogLimits;
import dev.crossfade.engine.catalog.MigrationFileCheck;
import dev.crossfade.engine.catalog.MigrationText;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Checks the outline of a migration file: that it is YAML of the right kind, and its name. */
final class YamlOutlineCheck implements MigrationFileCheck {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

  @Override
  public Result check(MigrationText file) {
    Object document;
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setLabel(file.source())
              .setCodePointLimit(CatalogLimits.YAML_MAX_BYTES)
              .setMaxAliasesForCollections(10)
              .build();
      document = new Load(settings).loadFromString(file.yaml());
    } catch (YamlEngineException e) {
      return new Broken(file.source() + ": not valid YAML: " + String.valueOf(e.getMessage()).replace('\n', ' '));
    }
    if (!(document instanceof Map<?, ?> root)) {
      return new Broken(file.source() + ": a migration file is a mapping with apiVersion, kind, metadata and spec");
    }
    if (!"crossfade.dev/v1".equals(root.get("apiVersion")) || !"Migration".equals(root.get("kind"))) {
      return new Broken(file.source() + ": apiVersion must be crossfade.dev/v1 and kind must be Migration");
    }
    if (!(root.get("spec") instanceof Map<?, ?>)) {
      return new Broken(file.source() + ": spec is missing");
    }
    return root.get("metadata") instanceof Map<?, ?> metadata
            && metadata.get("name") instanceof String name
            && NAME.matcher(name).matches()
            && name.length() <= CatalogLimits.NAME_MAX_CHARS
        ? new Sound(name)
        : new Broken(file.source() + ": metadata.name must be 1 to 63 of a-z, 0-9 and '-', not beginning or ending with '-'");
  }
}
