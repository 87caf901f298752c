package dev.sluice;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the process does when it is told to stop: at the first SIGTERM or SIGINT it exits in good
 * order, shutdown hooks and all; a second one, of either kind, ends it now, with 128 plus the
 * signal's number.
 *
 * <p>By itself the JVM takes no notice of a second one. How to have it told is not part of the Java
 * platform, only of every JDK there is; so it is called by name, and where it is missing the first
 * signal still does what it should.
 */
final class StopSignals {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);
  private static final int SIGNALLED = 128;
  private static final String[] NAMES = {"TERM", "INT"};

  private StopSignals() {}

  /** From now on they are heeded. Once per process; any thread. */
  static void heed() {
    AtomicBoolean told = new AtomicBoolean();
    for (String name : NAMES) {
      try {
        heed(name, told);
      } catch (ReflectiveOperationException | IllegalArgumentException e) {
        // The JVM was told to leave signals alone, or the platform has none of that name.
        LOG.debug("a second SIG{} will not be noticed", name, e);
      }
    }
  }

  private static void heed(String name, AtomicBoolean told) throws ReflectiveOperationException {
    Class<?> signalClass = Class.forName("sun.misc.Signal");
    Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
    Object signal = signalClass.getConstructor(String.class).newInstance(name);
    int number = (int) signalClass.getMethod("getNumber").invoke(signal);
    InvocationHandler handler =
        (proxy, method, args) -> {
          if (method.getName().equals("handle")) {
            stop(told, number);
          }
          return null;
        };
    Object handlerProxy =
        Proxy.newProxyInstance(
            StopSignals.class.getClassLoader(), new Class<?>[] {handlerClass}, handler);
    signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handlerProxy);
  }

  /** Each signal has a thread of its own, so the first may wait here for the hooks. */
  private static void stop(AtomicBoolean told, int number) {
    if (told.compareAndSet(false, true)) {
      System.exit(0);
    } else {
      Runtime.getRuntime().halt(SIGNALLED + number);
    }
  }
}
