package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.resolver.AddressResolver;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NameLookupTest {
  private static final InetSocketAddress NAME = InetSocketAddress.createUnresolved("model", 80);

  @Test
  void asksOnAThreadOfItsOwn() throws Exception {
    AtomicReference<Thread> asked = new AtomicReference<>();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    NameLookup names =
        new NameLookup(
            host -> {
              asked.set(Thread.currentThread());
              return new InetAddress[] {
                loopback, InetAddress.getByAddress(new byte[] {1, 2, 3, 4})
              };
            });
    try (UpstreamFixture fixture = new UpstreamFixture()) {
      var loop = fixture.loops().next();
      AddressResolver<InetSocketAddress> resolver = names.getResolver(loop);
      assertEquals(loopback, resolver.resolve(NAME).get().getAddress());
      assertFalse(loop.inEventLoop(asked.get()));
      assertEquals(
          List.of("127.0.0.1", "1.2.3.4"),
          resolver.resolveAll(NAME).get().stream()
              .map(address -> address.getAddress().getHostAddress())
              .toList());
    }
  }

  @Test
  void saysThatANameIsUnknown() throws Exception {
    NameLookup unknown =
        new NameLookup(
            host -> {
              throw new UnknownHostException(host);
            });
    NameLookup broken =
        new NameLookup(
            host -> {
              throw new IllegalStateException("no resolver");
            });
    try (UpstreamFixture fixture = new UpstreamFixture()) {
      for (NameLookup names : List.of(unknown, broken)) {
        Future<InetSocketAddress> found =
            names.getResolver(fixture.loops().next()).resolve(NAME).await();
        assertInstanceOf(UnknownHostException.class, found.cause());
      }
    }
  }
}
