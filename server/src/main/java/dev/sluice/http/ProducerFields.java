package dev.sluice.http;

import dev.sluice.chat.EventRules;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What a publishing request says of who sends it: {@code Producer-Id} and {@code Producer-Epoch}.
 *
 * @param producerId what it calls itself, the same in each request
 * @param epoch which start of it: 0, or a number that is higher each time
 */
record ProducerFields(String producerId, long epoch) {
  static final String ID = "producer-id";
  static final String EPOCH = "producer-epoch";

  /** The greatest number that JavaScript has exactly. */
  static final long MAX_NUMBER = (1L << 53) - 1;

  private static final int MAX_DIGITS = 16;

  /** Null if the events of the request are not numbered. */
  static @Nullable ProducerFields of(HttpHeaders headers) throws ProblemException {
    String producerId = headers.get(ID);
    String epoch = headers.get(EPOCH);
    if (producerId == null) {
      if (epoch != null) {
        throw fault("a Producer-Epoch needs a Producer-Id");
      }
      return null;
    }
    if (!EventRules.isId(producerId)) {
      throw fault("a Producer-Id is 1 to 200 characters without control characters or /");
    }
    return new ProducerFields(producerId, epoch == null ? 0 : number(epoch));
  }

  private static long number(String text) throws ProblemException {
    boolean digits =
        !text.isEmpty()
            && text.length() <= MAX_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    long number = digits ? Long.parseLong(text) : -1;
    if (number < 0 || number > MAX_NUMBER) {
      throw fault("a Producer-Epoch is a number from 0 to " + MAX_NUMBER);
    }
    return number;
  }

  private static ProblemException fault(String detail) {
    return new ProblemException(Problem.badRequest("bad_producer", detail));
  }
}
