package dev.sluice.http;

import dev.sluice.chat.Chat;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Decides whether one more stream may be opened. Any thread. */
final class Admission {
  // The wildcard address, which no client has.
  private static final InetAddress UNKNOWN = new InetSocketAddress(0).getAddress();

  private final HttpSettings settings;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
  private volatile boolean draining;

  Admission(HttpSettings settings) {
    this.settings = settings;
  }

  int openStreams() {
    return open.get();
  }

  boolean isDraining() {
    return draining;
  }

  /** From now on every new stream is refused. */
  void drain() {
    draining = true;
  }

  /** Whether it matters whose a stream is; otherwise none has to keep its client's address. */
  boolean countsAddresses() {
    return settings.maxSubscribersPerAddress() > 0;
  }

  /**
   * Counts one more stream.
   *
   * @param chat the chat, if it exists already
   * @throws ProblemException if it is refused; then nothing was counted
   */
  void admit(@Nullable Chat chat, @Nullable InetAddress address) throws ProblemException {
    requireOpen();
    if (chat != null && chat.subscriberCount() >= settings.maxSubscribersPerChat()) {
      throw refuse(
          HttpResponseStatus.TOO_MANY_REQUESTS,
          "too_many_subscribers_of_chat",
          "a chat may have " + settings.maxSubscribersPerChat() + " subscribers");
    }
    if (open.incrementAndGet() > settings.maxSubscribers()) {
      open.decrementAndGet();
      throw refuse(
          HttpResponseStatus.SERVICE_UNAVAILABLE,
          "too_many_subscribers",
          "the server may have " + settings.maxSubscribers() + " subscribers");
    }
    int max = settings.maxSubscribersPerAddress();
    if (max > 0 && perAddress.merge(key(address), 1, Integer::sum) > max) {
      release(address);
      throw refuse(
          HttpResponseStatus.TOO_MANY_REQUESTS,
          "too_many_subscribers_of_address",
          "an address may have " + max + " subscribers");
    }
  }

  /** Refuses whatever is new while the server drains. */
  void requireOpen() throws ProblemException {
    if (draining) {
      throw draining();
    }
  }

  /** What is refused because the server goes is told that. */
  static ProblemException draining() {
    return refuse(
        HttpResponseStatus.SERVICE_UNAVAILABLE, "draining", "the server is shutting down");
  }

  /** Takes back one {@link #admit}. */
  void release(@Nullable InetAddress address) {
    open.decrementAndGet();
    if (countsAddresses()) {
      perAddress.computeIfPresent(key(address), (a, count) -> count == 1 ? null : count - 1);
    }
  }

  private static InetAddress key(@Nullable InetAddress address) {
    return address == null ? UNKNOWN : address;
  }

  private static ProblemException refuse(HttpResponseStatus status, String code, String detail) {
    return new ProblemException(new Problem(status, code, detail));
  }
}
