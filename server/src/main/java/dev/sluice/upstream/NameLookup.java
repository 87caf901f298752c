package dev.sluice.upstream;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Resolves host names by the JDK's resolver, on threads of its own: Netty's default asks it on the
 * event loop, where a slow name server would hold up every stream of that loop. The JDK caches.
 */
final class NameLookup extends AddressResolverGroup<InetSocketAddress> {
  /** Asks for the addresses of a name; may block. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] allByName(String host) throws UnknownHostException;
  }

  private static final int THREADS = 2;
  private static final long KEEP_THREAD_MS = 5_000;

  private final Lookup lookup;
  private final Executor threads;

  NameLookup() {
    this(InetAddress::getAllByName);
  }

  NameLookup(Lookup lookup) {
    this.lookup = lookup;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            KEEP_THREAD_MS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "sluice-name-lookup");
              thread.setDaemon(true);
              return thread;
            });
    // So that nothing has to be closed: without work there are no threads.
    pool.allowCoreThreadTimeOut(true);
    threads = pool;
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new InetNameResolver(executor) {
      @Override
      protected void doResolve(String host, Promise<InetAddress> promise) {
        threads.execute(() -> lookUp(executor, host, promise, found -> found[0]));
      }

      @Override
      protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
        threads.execute(() -> lookUp(executor, host, promise, List::of));
      }
    }.asAddressResolver();
  }

  private <T> void lookUp(
      EventExecutor executor, String host, Promise<T> promise, Function<InetAddress[], T> choice) {
    T found = null;
    UnknownHostException unknown = null;
    try {
      found = choice.apply(lookup.allByName(host));
    } catch (UnknownHostException e) {
      unknown = e;
    } catch (RuntimeException e) {
      unknown = new UnknownHostException(host);
      unknown.initCause(e);
    }
    if (executor.isShutdown()) {
      // Nobody can be told any more.
      return;
    }
    if (unknown == null) {
      promise.trySuccess(found);
    } else {
      promise.tryFailure(unknown);
    }
  }
}
