package dev.sluice.loadtest.plan;

import java.util.Locale;

/** How the rig waits for its sockets. */
public enum Transport {
  /** Linux only. */
  EPOLL,
  NIO;

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
