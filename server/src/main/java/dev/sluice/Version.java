package dev.sluice;

/** Which build this is. */
final class Version {
  private Version() {}

  /** The version out of the jar's manifest; {@code dev} when run from classes. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
