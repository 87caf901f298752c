package dev.sluice.http;

import dev.sluice.chat.BenchChats;
import dev.sluice.chat.Chats;
import dev.sluice.chat.Flows;
import dev.sluice.chat.Upstream;
import dev.sluice.metrics.Metrics;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;

/**
 * The HTTP side without sockets: what is measured is the server's own work, with no kernel and no
 * second thread in it.
 */
@NullMarked
final class BenchEdge {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MANY = 1 << 20;
  private static final long FOR_EVER_MS = 1L << 40;

  final Chats chats;
  private final Edge edge;
  private final StreamLoops loops;

  BenchEdge() {
    HttpSettings settings =
        new HttpSettings(
            MAX_BYTES,
            MAX_BYTES,
            MAX_BYTES,
            MAX_BYTES,
            MAX_BYTES,
            MANY,
            MANY,
            0,
            FOR_EVER_MS,
            FOR_EVER_MS,
            FOR_EVER_MS,
            FOR_EVER_MS,
            FOR_EVER_MS,
            FOR_EVER_MS,
            2000,
            0,
            0,
            List.of());
    Metrics metrics = new Metrics();
    chats = BenchChats.create(metrics);
    Upstream none = (prompt, run) -> run.end();
    Flows flows = new Flows(Map.of(), none);
    edge = new Edge(settings, chats, flows, metrics, new Admission(settings), true, "bench");
    loops = StreamLoops.keeping(edge);
  }

  /** A connection as the server sets it up. */
  Connection connect() {
    return new Connection(new EdgePipeline(edge, loops));
  }

  /** A connection that takes requests as objects: the HTTP codec is Netty's, and not in front. */
  Connection connectBehindCodec() {
    Connection connection = new Connection();
    StreamLoop loop = loops.of(connection.eventLoop());
    EdgePipeline pipeline = new EdgePipeline(edge, loops);
    connection.pipeline().addLast(new RequestHandler(edge, EdgeRoutes.create(), loop, pipeline));
    return connection;
  }

  /** A connection whose socket takes everything, and counts it. */
  static final class Connection extends EmbeddedChannel {
    private long takenBytes;

    Connection(ChannelHandler... handlers) {
      super(handlers);
    }

    long takenBytes() {
      return takenBytes;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
      while (in.current() instanceof ByteBuf bytes) {
        takenBytes += bytes.readableBytes();
        in.remove();
      }
    }
  }
}
