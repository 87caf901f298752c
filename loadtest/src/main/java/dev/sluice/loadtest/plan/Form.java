package dev.sluice.loadtest.plan;

import java.util.Locale;

/** The form in which a target sends its streams. */
public enum Form {
  /** Sluice's contract: every byte is checked. */
  CONTRACT,
  /** Any Server-Sent Events, as the WHATWG specification reads them: the texts are checked. */
  SSE;

  /** The name in a dialect file. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
