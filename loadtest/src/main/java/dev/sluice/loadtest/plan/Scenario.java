package dev.sluice.loadtest.plan;

import java.util.Locale;

/** What kind of load a run makes. */
public enum Scenario {
  /** Each stream reads its own chat; all chats are published to. */
  UNICAST,
  /** The streams are opened and held; nothing is published. */
  IDLE;

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
