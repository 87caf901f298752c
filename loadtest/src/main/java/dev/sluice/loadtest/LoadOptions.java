package dev.sluice.loadtest;

import static dev.sluice.loadtest.OptionRule.atLeast;
import static dev.sluice.loadtest.OptionRule.rule;

import dev.sluice.loadtest.plan.LoadSpec;
import dev.sluice.loadtest.plan.Publish;
import dev.sluice.loadtest.plan.Schedule;
import dev.sluice.loadtest.plan.StalledSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is published, and when. */
final class LoadOptions {
  /** Far beyond what a run's time allows; keeps the number of events within what is computed. */
  private static final int MAX_TOKENS = 10_000_000;

  /** What a timetable that is drawn may hold. */
  private static final long MAX_DRAWN_EVENTS = 20_000_000;

  /** Within what servers take as one event, and what is checked at once. */
  private static final int MAX_TOKEN_BYTES = 100_000;

  private static final int LINES_CONNECTIONS = 4;
  private static final int POST_CONNECTIONS = 64;

  @Option(names = "--streams", defaultValue = "1000", description = "Streams to open.")
  private int streams;

  @Option(
      names = "--chats",
      paramLabel = "CHATS",
      description = "Chats that they read, spread over them. Default: each stream its own.")
  private @Nullable Integer chats;

  @Option(
      names = "--two-run-chats",
      defaultValue = "0",
      description = "So many chats are written by two publishers at once, each a run of its own.")
  private int twoRunChats;

  @Option(
      names = "--answers",
      defaultValue = "1",
      description = "Answers that each stream reads in turn; with --schedule model.")
  private int answers;

  @Option(
      names = "--tokens",
      defaultValue = "20",
      description = "Measured tokens per chat; with --schedule model the median of an answer's.")
  private int tokens;

  @Option(
      names = "--token-bytes",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "Least length of a token's text in UTF-8. 0: as models write, some ten bytes.")
  private int tokenBytes;

  @Option(
      names = "--warm-up-tokens",
      paramLabel = "TOKENS",
      description = {
        "Tokens per chat before these, checked but not measured.",
        "Default: as many as fill --warm-up-seconds; a cold JVM, this one too, is late."
      })
  private @Nullable Integer warmUpTokens;

  @Option(
      names = "--warm-up-seconds",
      defaultValue = "3",
      description = "Events due within it are checked but not measured.")
  private int warmUpSeconds;

  @Option(
      names = "--publish",
      paramLabel = "lines|post|own|nothing",
      defaultValue = "lines",
      description = {
        "lines: on a few long requests. post: one request for each event.",
        "own: the target makes its own tokens. nothing: the streams are held."
      })
  private Publish publish = Publish.LINES;

  @Option(
      names = "--schedule",
      paramLabel = "constant|poisson|model",
      defaultValue = "constant",
      description = {
        "When events are due: evenly, independently of each other, or each stream as a",
        "model answers (then --rate does not count, and the --model options do)."
      })
  private Schedule schedule = Schedule.CONSTANT;

  @Option(
      names = "--rate",
      defaultValue = "10000",
      description = {
        "Events due per second over all chats; start and end of a chat count.",
        "With --publish own: streams asked for per second."
      })
  private double rate;

  @Option(names = "--seed", defaultValue = "1", description = "Of all that is drawn.")
  private long seed;

  @Option(
      names = "--connections",
      paramLabel = "CONNECTIONS",
      description = {
        "Publish connections; a chat stays on one.",
        "Default: " + LINES_CONNECTIONS + " for lines, " + POST_CONNECTIONS + " for post."
      })
  private @Nullable Integer connections;

  @Option(
      names = "--hold-seconds",
      defaultValue = "20",
      description = "How long --publish nothing holds the streams.")
  private int holdSeconds;

  @Mixin private StalledOptions stalled = new StalledOptions();
  @Mixin private ModelOptions model = new ModelOptions();

  /**
   * The load.
   *
   * @param rateOverride another rate, or 0 for what the option says
   * @throws IllegalArgumentException if the options make no sense, with the one that is wrong
   */
  LoadSpec spec(double rateOverride) {
    double useRate = rateOverride > 0 ? rateOverride : rate;
    atLeast("--streams", streams, 1);
    int useChats = chats == null ? streams : chats;
    atLeast("--chats", useChats, 1);
    rule("--chats", useChats <= streams, useChats + " are more than --streams " + streams);
    atLeast("--two-run-chats", twoRunChats, 0);
    rule("--two-run-chats", twoRunChats <= useChats, "more than there are --chats");
    rule(
        "--two-run-chats",
        twoRunChats == 0 || schedule != Schedule.MODEL,
        "does not go with --schedule model");
    atLeast("--answers", answers, 1);
    rule("--answers", answers == 1 || schedule == Schedule.MODEL, "needs --schedule model");
    rule(
        "--schedule",
        schedule != Schedule.MODEL || publish.byRig(),
        "model needs --publish lines or post");
    atLeast("--tokens", tokens, 1);
    atLeast("--warm-up-seconds", warmUpSeconds, 0);
    rule("--rate", useRate > 0 && useRate <= 1e9, useRate + " is not between 0 and 1e9");
    int warmUp = warmUpTokens == null ? tokensThatWarmUp(useRate, useChats) : warmUpTokens;
    atLeast("--warm-up-tokens", warmUp, 0);
    String most = "at most " + MAX_TOKENS;
    rule("--tokens, --warm-up-tokens", tokens <= MAX_TOKENS && warmUp <= MAX_TOKENS, most);
    atLeast("--token-bytes", tokenBytes, 0);
    rule("--token-bytes", tokenBytes <= MAX_TOKEN_BYTES, "at most " + MAX_TOKEN_BYTES);
    int useConnections = connections == null ? defaultConnections() : connections;
    atLeast("--connections", useConnections, 1);
    atLeast("--hold-seconds", holdSeconds, 0);
    StalledSpec stalledSpec = stalled.spec();
    rule(
        "--stalled-readers",
        !stalled.some() || (publish.byRig() && schedule == Schedule.CONSTANT && twoRunChats == 0),
        "need --publish lines or post and --schedule constant, and no --two-run-chats");
    double drawn =
        switch (schedule) {
          case CONSTANT -> 0;
          case POISSON -> (double) (useChats + twoRunChats) * (tokens + warmUp + 2);
          case MODEL -> (double) useChats * answers * model.meanTokens(tokens);
        };
    rule(
        "--schedule",
        drawn <= MAX_DRAWN_EVENTS,
        "%s keeps all times, so at most %,d events, not %,.0f"
            .formatted(schedule, MAX_DRAWN_EVENTS, drawn));
    return new LoadSpec(
        useChats,
        twoRunChats,
        streams + stalledSpec.readers(),
        answers,
        warmUp,
        warmUpSeconds,
        tokens,
        tokenBytes,
        publish,
        schedule,
        useRate,
        seed,
        model.spec(),
        useConnections,
        holdSeconds,
        stalledSpec);
  }

  double rate() {
    return rate;
  }

  private int tokensThatWarmUp(double useRate, int useChats) {
    return (int) Math.min(MAX_TOKENS, Math.ceil(warmUpSeconds * useRate / useChats));
  }

  private int defaultConnections() {
    return publish == Publish.POST ? POST_CONNECTIONS : LINES_CONNECTIONS;
  }
}
