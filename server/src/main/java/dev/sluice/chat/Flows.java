package dev.sluice.chat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configured upstreams by the name of their flow. Immutable; any thread.
 *
 * @param named the upstream of each named flow
 * @param fallback who answers for every other flow, or null if nobody does
 */
public record Flows(Map<String, Upstream> named, @Nullable Upstream fallback) {
  public Flows {
    named = Map.copyOf(named);
  }

  /** The upstream of that flow, null for a flow that nobody answers for. */
  public @Nullable Upstream find(@Nullable String flow) {
    Upstream upstream = flow == null ? null : named.get(flow);
    if (upstream == null && fallback != null && fallback.serves(flow)) {
      return fallback;
    }
    return upstream;
  }

  /** True if one of them says how its tokens are paced. */
  public boolean haveBatchMs() {
    return (fallback != null && fallback.batchMs() >= 0)
        || named.values().stream().anyMatch(upstream -> upstream.batchMs() >= 0);
  }
}
