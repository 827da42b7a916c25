package dev.crossfade.sidecar.control;

import java.util.List;

/**
 * How this sidecar introduces itself.
 *
 * @param service the service that it stands in front of, 1 to 128 characters
 * @param instance unique within the service, such as the pod's name, 1 to 128 characters
 * @param buildVersion of the sidecar, at most 128 characters
 * @param capabilities what it can do, such as {@code postgresql}; at most 32
 */
public record SidecarIdentity(
    String service, String instance, String buildVersion, List<String> capabilities) {
  private static final int NAME_MAX = 128;
  private static final int CAPABILITIES_MAX = 32;

  public SidecarIdentity {
    capabilities = List.copyOf(capabilities);
    requireName("service", service);
    requireName("instance", instance);
    if (buildVersion.length() > NAME_MAX) {
      throw new IllegalArgumentException("buildVersion has at most " + NAME_MAX + " characters");
    }
    if (capabilities.size() > CAPABILITIES_MAX) {
      throw new IllegalArgumentException("at most " + CAPABILITIES_MAX + " capabilities");
    }
  }

  private static void requireName(String field, String value) {
    if (value.isBlank() || value.length() > NAME_MAX) {
      throw new IllegalArgumentException(
          field + " has 1 to " + NAME_MAX + " characters, not '" + value + "'");
    }
  }
}
