package dev.sluice.loadtest.measure;

/** A distribution that is kept second by second, in a log of its own. Brisk streams only. */
public enum Series {
  /**
   * From the moment at which a token was due to its receipt; one sample for each measured token.
   */
  LATENCY("latency", "ns from the time at which a token was due to its receipt"),
  /** Between two receipts of tokens on one stream. */
  GAP("gap", "ns between two receipts of tokens on one stream"),
  /**
   * From the moment at which the first token of a stream was due to its receipt; of tokens that the
   * target makes, from the moment at which the request was due.
   */
  FIRST_TOKEN("first-token", "ns to the first token of a stream");

  private final String file;
  private final String meaning;

  Series(String file, String meaning) {
    this.file = file;
    this.meaning = meaning;
  }

  /** The name of its files, without what follows the dot. */
  public String file() {
    return file;
  }

  /** What it holds, for people. */
  public String meaning() {
    return meaning;
  }
}
