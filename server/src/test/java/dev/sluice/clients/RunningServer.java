package dev.sluice.clients;

import java.net.URI;

/** A server that can be reached, and that ends when it is closed. */
public interface RunningServer extends AutoCloseable {

  /** Scheme, host and port, without a slash at the end. */
  URI uri();

  @Override
  void close();
}
