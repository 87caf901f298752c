package dev.sluice.http;

import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The messages of one connection, in their order, that wait for their turn. Owns them. On the event
 * loop.
 */
final class WaitingMessages {
  /** Who takes the messages. */
  interface Taker {
    /** False while they have to wait. */
    boolean mayTake();

    /** False if that message has to be taken again later. It stays the caller's. */
    boolean take(Object message);
  }

  private final Taker taker;
  private final Deque<Object> waiting = new ArrayDeque<>(0);
  private boolean taking;

  WaitingMessages(Taker taker) {
    this.taker = taker;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Hands on the message now or when it has its turn; false if any waits after that. */
  boolean add(Object message) {
    if (waiting.isEmpty() && taker.mayTake()) {
      take(message);
    } else {
      waiting.add(message);
    }
    return waiting.isEmpty();
  }

  /** Hands on what may be taken; false if any still waits. */
  boolean drain() {
    if (!taking) {
      // Else an answer to one of them has led back here; the loop below goes on with the next.
      taking = true;
      try {
        boolean taken = true;
        while (taken && !waiting.isEmpty() && taker.mayTake()) {
          taken = take(waiting.remove());
        }
      } finally {
        taking = false;
      }
    }
    return waiting.isEmpty();
  }

  void release() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  private boolean take(Object message) {
    boolean taken = true;
    try {
      taken = taker.take(message);
    } finally {
      if (taken) {
        ReferenceCountUtil.release(message);
      } else {
        waiting.addFirst(message);
      }
    }
    return taken;
  }
}
