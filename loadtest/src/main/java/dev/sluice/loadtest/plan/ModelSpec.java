package dev.sluice.loadtest.plan;

/**
 * How the models of a run write. The defaults are what hosted models were seen to do: 20 to 50
 * tokens a second, answers of some hundred tokens with a long tail, several tokens at once where
 * the model guesses ahead, and silence while it calls a tool.
 *
 * @param slowestTokensPerSecond the slowest answer's mean rate within a stretch of text, above 0
 * @param fastestTokensPerSecond the fastest answer's
 * @param maxTokens no answer is longer
 * @param tailSigma how long the tail of the lengths is: the standard deviation of their logarithm;
 *     0 makes all answers equally long
 * @param burstPercent how many of the tokens bring others with them, up to 7
 * @param pausePercent how many of the tokens are followed by a pause
 * @param pauseMs the mean pause
 * @param thinkMs the mean time from the end of an answer to the start of the next, and before the
 *     first token of an answer a fifth of it
 * @param spreadMs the first answers begin within it
 */
public record ModelSpec(
    double slowestTokensPerSecond,
    double fastestTokensPerSecond,
    int maxTokens,
    double tailSigma,
    double burstPercent,
    double pausePercent,
    double pauseMs,
    double thinkMs,
    double spreadMs) {}
