package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.chat.RunEnding;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can keep a call from being made at all. */
@Timeout(120)
class OpenAiConnectTest {
  @Test
  void refused() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      run.answer(fixture.upstream(run, URI.create("http://127.0.0.1:" + port + "/v1")), "Why?");
      OpenAiFailureTest.checkError(run, "upstream_refused", 0, true);
      assertEquals(
          List.of("start ", "error The model server refused the connection.", "end [DONE]"),
          run.lines());
      assertEquals(RunEnding.FAILED, run.run().ending());
    }
  }

  @Test
  void unknownName() throws Exception {
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      NameLookup nobody =
          new NameLookup(
              host -> {
                throw new UnknownHostException(host);
              });
      run.answer(named(fixture, run, 30_000, nobody), "Why?");
      OpenAiFailureTest.checkError(run, "upstream_dns", 0, true);
    }
  }

  @Test
  void nameServerThatNeverAnswers() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      NameLookup slow =
          new NameLookup(
              host -> {
                try {
                  answered.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                return new InetAddress[] {InetAddress.getLoopbackAddress()};
              });
      // The deadline fires on the loop, so the lookup does not hold it up.
      run.answer(named(fixture, run, 50, slow), "Why?");
      OpenAiFailureTest.checkError(run, "upstream_connect_timeout", 0, true);
      answered.countDown();
    }
  }

  @Test
  void shutDown() throws Exception {
    try (UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      OpenAiUpstream upstream = fixture.upstream(run, URI.create("http://127.0.0.1:1/v1"));
      fixture.shutDown();
      run.answer(upstream, "Why?");
      OpenAiFailureTest.checkError(run, "shutting_down", 0, true);
    }
  }

  private static OpenAiUpstream named(
      UpstreamFixture fixture, RecordedRun run, long connectTimeoutMs, NameLookup names) {
    return new OpenAiUpstream(
        OpenAiFailureTest.impatient(
            URI.create("http://model.invalid/v1"), connectTimeoutMs, 30_000),
        fixture.loops(),
        NioSocketChannel.class,
        run.metrics(),
        null,
        names);
  }
}
