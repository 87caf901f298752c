package dev.sluice.promises;

import dev.sluice.Settings;
import dev.sluice.Sluice;
import dev.sluice.Transport;
import dev.sluice.chat.ChatLimits;
import dev.sluice.chat.Chats;
import dev.sluice.chat.OnLag;
import dev.sluice.http.HttpSettings;
import dev.sluice.upstream.UpstreamSettings;
import java.net.URI;
import java.util.List;

/** A server on a free port of the loopback address, and what a test may want to be different. */
final class TestServer implements AutoCloseable {
  private static final int MIB = 1024 * 1024;

  /** Settings under construction; patient and roomy unless a test says otherwise. */
  static final class Wish {
    private Transport transport = Transport.best();
    private int threads = 2;
    private int maxUriBytes = 4096;
    private int maxHeaderBytes = 8192;
    private int maxBodyBytes = 4 * MIB;
    private int maxLineBytes = MIB;
    private int maxEventBytes = MIB;
    private int maxChats = 10_000;
    private int maxOpenRuns = 64;
    private long maxLogBytes = 64L * MIB;
    private long maxTotalLogBytes = 1024L * MIB;
    private int maxSubscribers = 10_000;
    private int maxSubscribersPerChat = 1000;
    private int maxSubscribersPerAddress;
    private long requestTimeoutMs = 60_000;
    private long stallTimeoutMs = 60_000;
    private long maxLagBytes;
    private long chatTtlMs = 600_000;
    private long drainTimeoutMs = 30_000;
    private long drainSpreadMs = 200;
    private long retryMs = 1000;
    private long producerGraceMs;
    private OnLag onLag = OnLag.SHED;
    private long demoTokenDelayMs;
    private long wakeBudgetUs;
    private List<String> corsOrigins = List.of();
    private List<UpstreamSettings> flows = List.of();

    Wish transport(Transport value) {
      transport = value;
      return this;
    }

    Wish threads(int value) {
      threads = value;
      return this;
    }

    Wish maxHead(int uriBytes, int headerBytes) {
      maxUriBytes = uriBytes;
      maxHeaderBytes = headerBytes;
      return this;
    }

    Wish maxBodyBytes(int value) {
      maxBodyBytes = value;
      return this;
    }

    Wish maxLineBytes(int value) {
      maxLineBytes = value;
      return this;
    }

    Wish maxEventBytes(int value) {
      maxEventBytes = value;
      return this;
    }

    Wish maxChats(int value) {
      maxChats = value;
      return this;
    }

    Wish maxOpenRuns(int value) {
      maxOpenRuns = value;
      return this;
    }

    Wish maxLogBytes(long value) {
      maxLogBytes = value;
      return this;
    }

    Wish maxTotalLogBytes(long value) {
      maxTotalLogBytes = value;
      return this;
    }

    Wish maxSubscribers(int value) {
      maxSubscribers = value;
      return this;
    }

    Wish maxSubscribersPerChat(int value) {
      maxSubscribersPerChat = value;
      return this;
    }

    Wish maxSubscribersPerAddress(int value) {
      maxSubscribersPerAddress = value;
      return this;
    }

    /** For a head, for a body, and between two lines. */
    Wish requestTimeoutMs(long value) {
      requestTimeoutMs = value;
      return this;
    }

    Wish stallTimeoutMs(long value) {
      stallTimeoutMs = value;
      return this;
    }

    Wish maxLagBytes(long value) {
      maxLagBytes = value;
      return this;
    }

    Wish chatTtlMs(long value) {
      chatTtlMs = value;
      return this;
    }

    Wish onLag(OnLag value) {
      onLag = value;
      return this;
    }

    Wish producerGraceMs(long value) {
      producerGraceMs = value;
      return this;
    }

    Wish drainTimeoutMs(long value) {
      drainTimeoutMs = value;
      return this;
    }

    Wish wakeBudgetUs(long value) {
      wakeBudgetUs = value;
      return this;
    }

    Wish drainSpreadMs(long value) {
      drainSpreadMs = value;
      return this;
    }

    Wish retryMs(long value) {
      retryMs = value;
      return this;
    }

    Wish demoTokenDelayMs(long value) {
      demoTokenDelayMs = value;
      return this;
    }

    Wish corsOrigins(String... value) {
      corsOrigins = List.of(value);
      return this;
    }

    Wish flows(UpstreamSettings... value) {
      flows = List.of(value);
      return this;
    }

    TestServer start() {
      HttpSettings http =
          new HttpSettings(
              maxUriBytes,
              maxHeaderBytes,
              maxBodyBytes,
              maxLineBytes,
              maxEventBytes,
              maxSubscribers,
              maxSubscribersPerChat,
              maxSubscribersPerAddress,
              requestTimeoutMs,
              requestTimeoutMs,
              requestTimeoutMs,
              60_000,
              15_000,
              stallTimeoutMs,
              retryMs,
              0,
              maxLagBytes,
              corsOrigins);
      ChatLimits chats =
          new ChatLimits(
              maxChats,
              maxOpenRuns,
              maxLogBytes,
              maxTotalLogBytes,
              chatTtlMs,
              600_000,
              producerGraceMs,
              false,
              onLag);
      Settings settings =
          new Settings(
              "127.0.0.1",
              0,
              transport,
              threads,
              wakeBudgetUs,
              http,
              chats,
              null,
              flows,
              demoTokenDelayMs,
              drainTimeoutMs,
              drainSpreadMs);
      try {
        return new TestServer(Sluice.start(settings));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private final Sluice sluice;

  private TestServer(Sluice sluice) {
    this.sluice = sluice;
  }

  static Wish wish() {
    return new Wish();
  }

  static TestServer start() {
    return wish().start();
  }

  URI uri() {
    return sluice.uri();
  }

  Chats chats() {
    return sluice.chats();
  }

  Sluice sluice() {
    return sluice;
  }

  @Override
  public void close() {
    sluice.close();
  }
}
