package dev.sluice.loadtest.rival;

/** A server that listens on this machine's loopback address until it is closed. */
public interface RivalServer extends AutoCloseable {

  /** Where it listens. */
  String url();

  @Override
  void close();
}
