package dev.sluice.http;

/** On whose behalf a stream is read; counted apart. */
enum ClientType {
  /** A page of the operator's own, by the internal prediction call. */
  INTERNAL,
  /** Everybody else. */
  EXTERNAL;

  String label() {
    return this == INTERNAL ? "internal" : "external";
  }
}
