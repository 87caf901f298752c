package dev.sluice.loadtest.plan;

import java.util.Locale;

/** What the rig does to streams and publishers on purpose, as networks and clients do by nature. */
public enum Mishap {
  PAUSE("readers that stopped reading for a while, and went on"),
  CRAWL("readers that crawled until all was published"),
  RESET("streams broken by a reset (RST), and resumed"),
  HALF_OPEN("streams resumed elsewhere, the old connection left open and unread"),
  DROP("streams closed, in storms if many at once, and resumed"),
  CUT("publish connections cut in the middle of a line, and resumed"),
  TWO_RUNS("chats written by two publishers at once, each its own run");

  private final String meaning;

  Mishap(String meaning) {
    this.meaning = meaning;
  }

  /** What it is, for people. */
  public String meaning() {
    return meaning;
  }

  /** The name in reports. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
