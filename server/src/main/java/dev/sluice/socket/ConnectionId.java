package dev.sluice.socket;

import io.netty.channel.ChannelId;
import java.util.concurrent.atomic.AtomicInteger;

/** A number that no other open connection of this process has. */
final class ConnectionId implements ChannelId {
  private static final long serialVersionUID = 1;
  private static final AtomicInteger LAST = new AtomicInteger();

  private final int number;

  private ConnectionId(int number) {
    this.number = number;
  }

  static ConnectionId next() {
    return new ConnectionId(LAST.incrementAndGet());
  }

  @Override
  public String asShortText() {
    return String.format("%08x", number);
  }

  @Override
  public String asLongText() {
    return asShortText();
  }

  @Override
  public int compareTo(ChannelId other) {
    return other instanceof ConnectionId id
        ? Integer.compare(number, id.number)
        : asLongText().compareTo(other.asLongText());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConnectionId id && number == id.number;
  }

  @Override
  public int hashCode() {
    return number;
  }

  @Override
  public String toString() {
    return asShortText();
  }
}
