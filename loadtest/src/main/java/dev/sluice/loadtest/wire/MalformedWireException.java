package dev.sluice.loadtest.wire;

/** The peer sent bytes that the contract does not allow. The message says which, for people. */
public final class MalformedWireException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Which layer the bytes broke. */
  public enum Layer {
    /** Status line, header or chunk. */
    HTTP,
    /** The SSE frame or the JSON in it. */
    FRAME
  }

  private final Layer layer;

  MalformedWireException(Layer layer, String message) {
    super(message);
    this.layer = layer;
  }

  /** Which layer the bytes broke. */
  public Layer layer() {
    return layer;
  }
}
