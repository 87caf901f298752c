package dev.sluice.loadtest.plan;

import java.util.Locale;

/** Where the tokens of a run come from. */
public enum Publish {
  /** The rig publishes lines on a few long requests. */
  LINES,
  /** The rig publishes each event in a request of its own, over connections that are kept. */
  POST,
  /** The target makes them: each stream is a request that is answered with a text of its own. */
  OWN,
  /** Nobody: the streams are opened and held. */
  NOTHING;

  /** Whether the rig publishes, so that it knows every token. */
  public boolean byRig() {
    return this == LINES || this == POST;
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
