package dev.sluice.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.Sluice;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code generate}: serves answers that it makes itself, and says what a token has cost. */
@Command(
    name = "generate",
    description =
        "Serves answers of its own for POST /api/v1/prediction/generated, and prints the CPU time"
            + " per delivered token after each round of them. Ends after --rounds.",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  enum Transport {
    auto,
    epoll,
    io_uring,
    nio
  }

  private static final int RING_SIZE = 4096;
  private static final String OR_DEFAULT = " Default: ${DEFAULT-VALUE}";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--port", defaultValue = "8080", description = "0 for any." + OR_DEFAULT)
  private int port;

  @Option(
      names = "--answers",
      defaultValue = "1000",
      description = "A round begins when so many are asked for." + OR_DEFAULT)
  private int answers;

  @Option(names = "--tokens", defaultValue = "800", description = "Of each answer." + OR_DEFAULT)
  private int tokens;

  @Option(
      names = "--rate",
      defaultValue = "40000",
      description = "Tokens per second of all answers together." + OR_DEFAULT)
  private int rate;

  @Option(names = "--rounds", defaultValue = "3", description = "Then it ends." + OR_DEFAULT)
  private int rounds;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Event loops, the one that makes the tokens included." + OR_DEFAULT)
  private int threads;

  @Option(
      names = "--transport",
      defaultValue = "auto",
      description = "${COMPLETION-CANDIDATES}." + OR_DEFAULT)
  private Transport transport = Transport.auto;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter terminal = spec.commandLine().getOut();
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    CountDownLatch open = new CountDownLatch(rounds);
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(threads, ioHandlers());
    TokenGenerator generator =
        new TokenGenerator(
            answers,
            tokens,
            rate,
            loops,
            process::getProcessCpuTime,
            round -> {
              terminal.println(
                  String.format(
                      Locale.ROOT,
                      "%,d tokens, %,.0f per second, %.2f µs of CPU time for each",
                      round.tokens(),
                      round.tokensPerSecond(),
                      round.cpuMicrosPerToken()));
              terminal.flush();
              open.countDown();
            });
    try (Sluice sluice =
        Sluice.embed().port(port).eventLoops(loops).flow("generated", generator).start()) {
      terminal.println("listening on " + sluice.uri());
      terminal.flush();
      open.await();
      sluice.drain();
    } finally {
      loops.shutdownGracefully().awaitUninterruptibly();
    }
    return 0;
  }

  private IoHandlerFactory ioHandlers() {
    return switch (transport) {
      case auto -> Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
      case epoll -> EpollIoHandler.newFactory();
      case io_uring ->
          IoUringIoHandler.newFactory(
              new IoUringIoHandlerConfig().setRingSize(RING_SIZE).setCqSize(2 * RING_SIZE));
      case nio -> NioIoHandler.newFactory();
    };
  }
}
