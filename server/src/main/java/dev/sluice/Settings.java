package dev.sluice;

import dev.sluice.chat.ChatLimits;
import dev.sluice.http.HttpSettings;
import dev.sluice.upstream.UpstreamSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server is made of, checked and final.
 *
 * @param port 0 for any that is free
 * @param threads event loops
 * @param wakeBudgetUs how long an event may wait so that event loops wake up less often, in µs; 0
 *     for not at all
 * @param upstream who answers for flows that are not named; null for the built-in demo, unless
 *     there are named flows
 * @param flows the upstreams of named flows
 * @param drainTimeoutMs how long running streams may go on when the server is told to stop, in ms
 * @param drainSpreadMs the longest time in which what is still open is then closed, in ms
 */
public record Settings(
    String host,
    int port,
    Transport transport,
    int threads,
    long wakeBudgetUs,
    HttpSettings http,
    ChatLimits chats,
    @Nullable UpstreamSettings upstream,
    List<UpstreamSettings> flows,
    long demoTokenDelayMs,
    long drainTimeoutMs,
    long drainSpreadMs) {
  public Settings {
    flows = List.copyOf(flows);
  }
}
