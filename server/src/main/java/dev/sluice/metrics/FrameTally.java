package dev.sluice.metrics;

import java.util.Arrays;

/**
 * The frames of one read, in their order: what each is, how many tokens it carries and how many
 * bytes it has. Filled by who makes the frames, cleared before the next read; one thread. It grows
 * to the most frames that one read has had, and makes no garbage after that.
 */
public final class FrameTally {
  private static final int FIRST_FRAMES = 4;

  private byte[] types = new byte[FIRST_FRAMES];
  private int[] tokens = new int[FIRST_FRAMES];
  private int[] bytes = new int[FIRST_FRAMES];
  private int frameCount;
  private int tokenCount;
  private int openTokens;

  public void clear() {
    openTokens = 0;
    frameCount = 0;
    tokenCount = 0;
  }

  /** The frame that is being made carries so many more tokens. */
  public void addTokens(int count) {
    openTokens += count;
  }

  /** Ends a frame; {@code frameBytes} is all of it, with its id and retry lines. */
  public void endFrame(FrameType type, int frameBytes) {
    add(type, openTokens, frameBytes);
    openTokens = 0;
  }

  private void add(FrameType type, int frameTokens, int frameBytes) {
    if (frameCount == types.length) {
      types = Arrays.copyOf(types, 2 * frameCount);
      tokens = Arrays.copyOf(tokens, 2 * frameCount);
      bytes = Arrays.copyOf(bytes, 2 * frameCount);
    }
    types[frameCount] = (byte) type.index();
    tokens[frameCount] = frameTokens;
    bytes[frameCount] = frameBytes;
    frameCount++;
    tokenCount += frameTokens;
  }

  /** Makes this the same as another one. */
  public void copy(FrameTally other) {
    clear();
    add(other);
  }

  /** Adds the frames of another one behind these. */
  public void add(FrameTally other) {
    for (int i = 0; i < other.frameCount; i++) {
      add(FrameType.at(other.types[i]), other.tokens[i], other.bytes[i]);
    }
  }

  public int frameCount() {
    return frameCount;
  }

  /** The tokens of all frames. */
  public int tokenCount() {
    return tokenCount;
  }

  /** True if the last frame carries an event that is no token. */
  public boolean endsInEvent() {
    return frameCount > 0 && types[frameCount - 1] == FrameType.EVENT.index();
  }

  /** The bytes of all frames, with their id and retry lines. */
  public long byteCount() {
    long sum = 0;
    for (int i = 0; i < frameCount; i++) {
      sum += bytes[i];
    }
    return sum;
  }

  int type(int frame) {
    return types[frame];
  }

  int tokens(int frame) {
    return tokens[frame];
  }

  int bytes(int frame) {
    return bytes[frame];
  }
}
