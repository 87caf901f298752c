package dev.sluice.http;

import java.util.List;

/**
 * What the HTTP side may use and how long it waits.
 *
 * @param maxUriBytes longest request line
 * @param maxHeaderBytes all header fields of a request
 * @param maxBodyBytes a request body that is read as one JSON document
 * @param maxLineBytes one line of NDJSON
 * @param maxEventBytes one event: its data and its further keys
 * @param maxSubscribers open streams
 * @param maxSubscribersPerChat open streams of one chat
 * @param maxSubscribersPerAddress open streams of one client address; 0 for no limit
 * @param headTimeoutMs for a request head, from its first byte (or from the connect) to its last
 * @param bodyTimeoutMs for a body that is read as one JSON document
 * @param lineTimeoutMs between two pieces of an NDJSON request, which may stay open for hours
 * @param idleTimeoutMs between two requests of a connection
 * @param heartbeatMs silence on a stream before a heartbeat
 * @param stallTimeoutMs how long a stream that has bytes waiting may take none
 * @param retryMs the reconnection time that clients are told, before jitter
 * @param batchMs the pacing window of readers that ask for none and whose flow has none; 0 for none
 * @param maxLagBytes how much of its chat's log a stream may lack, in bytes of events, for longer
 *     than {@code stallTimeoutMs}; 0 for no limit
 * @param corsOrigins origins whose pages may call; {@code *} for all
 */
public record HttpSettings(
    int maxUriBytes,
    int maxHeaderBytes,
    int maxBodyBytes,
    int maxLineBytes,
    int maxEventBytes,
    int maxSubscribers,
    int maxSubscribersPerChat,
    int maxSubscribersPerAddress,
    long headTimeoutMs,
    long bodyTimeoutMs,
    long lineTimeoutMs,
    long idleTimeoutMs,
    long heartbeatMs,
    long stallTimeoutMs,
    long retryMs,
    int batchMs,
    long maxLagBytes,
    List<String> corsOrigins) {
  /** The longest pacing window, whoever asks for it, in ms. */
  public static final int MAX_BATCH_MS = 10_000;

  public HttpSettings {
    corsOrigins = List.copyOf(corsOrigins);
  }
}
