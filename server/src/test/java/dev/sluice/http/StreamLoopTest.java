package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.chat.Cursor;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.StartAt;
import dev.sluice.chat.Wakeups;
import dev.sluice.frame.TokenType;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The loop gets to its sockets however much there is to deliver. On a real event loop. */
class StreamLoopTest {
  private static final int TURNS = 1000;

  /** Counts how often the loop looks at its sockets. */
  private static final class CountedIo implements IoHandler {
    private final IoHandler sockets;
    private final AtomicInteger looks;

    CountedIo(IoHandler sockets, AtomicInteger looks) {
      this.sockets = sockets;
      this.looks = looks;
    }

    @Override
    public void initialize() {
      sockets.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
      looks.incrementAndGet();
      return sockets.run(context);
    }

    @Override
    public void prepareToDestroy() {
      sockets.prepareToDestroy();
    }

    @Override
    public void destroy() {
      sockets.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
      return sockets.register(handle);
    }

    @Override
    public void wakeup() {
      sockets.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
      return sockets.isCompatible(handleType);
    }
  }

  /** Always wants another turn, as a reader does that is far behind. */
  private static final class Insatiable implements Cursor.Reader {
    private final AtomicInteger looks;
    private final CountDownLatch turns = new CountDownLatch(TURNS);
    private @Nullable Cursor cursor;
    private int seenLooks;
    private int turnsWithoutLook;

    Insatiable(AtomicInteger looks) {
      this.looks = looks;
    }

    @Override
    public void readable() {
      int now = looks.get();
      turnsWithoutLook += now == seenLooks ? 1 : 0;
      seenLooks = now;
      turns.countDown();
      if (cursor != null && turns.getCount() > 0) {
        cursor.readAgain();
      }
    }
  }

  @Test
  void betweenTwoTurnsOfAReaderTheLoopLooksAtItsSockets() throws InterruptedException {
    AtomicInteger looks = new AtomicInteger();
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, executor -> new CountedIo(NioIoHandler.newFactory().newHandler(executor), looks));
    try (EdgeFixture edge = new EdgeFixture()) {
      EventLoop eventLoop = group.next();
      RunPublisher run = Objects.requireNonNull(edge.chats.startRun("c"));
      Insatiable reader = new Insatiable(looks);
      eventLoop
          .submit(
              () -> {
                OutboundBudget outbound = new OutboundBudget(1 << 20);
                Wakeups wakeups = new StreamLoop(eventLoop, edge.edge, 1000, outbound).wakeups();
                reader.cursor =
                    edge.chats.subscribe("c", new StartAt.Live(), null, wakeups, reader);
              })
          .syncUninterruptibly();
      run.token(TokenType.FINAL_RESPONSE, "x");
      // A publisher that goes on meanwhile changes nothing about that.
      while (!reader.turns.await(0, TimeUnit.SECONDS)) {
        run.token(TokenType.FINAL_RESPONSE, "y");
      }
      eventLoop.submit(() -> assertEquals(0, reader.turnsWithoutLook)).syncUninterruptibly();
    } finally {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }
}
