package dev.crossfade.sidecar;

/** The build's version. */
final class Version {
  private Version() {}

  /** As in the jar's manifest; {@code development} when run from classes. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
