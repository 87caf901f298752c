package dev.sluice.loadtest;

import dev.sluice.loadtest.rival.EchoServer;
import dev.sluice.loadtest.rival.RivalServer;
import dev.sluice.loadtest.rival.UndertowServer;
import dev.sluice.loadtest.rival.VertxServer;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rival}: a server to compare with, until it is told to stop. */
@Command(
    name = "rival",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    description = "Starts a server to compare with, on this machine's loopback address.")
final class RivalCommand implements Callable<Integer> {
  /** The servers that there are. */
  enum Rival {
    /** Copies bytes, no more: the floor of the rig. */
    ECHO,
    /** As one would write it on Vert.x. */
    VERTX,
    /** As one would write it on Undertow. */
    UNDERTOW;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private @Nullable CommandSpec command;

  @Parameters(
      paramLabel = "NAME",
      description = {
        "vertx, undertow: servers as one would write them, for --dialect rival.",
        "echo: copies each line into a frame, for the default dialect; the floor of the rig."
      })
  private @Nullable Rival rival;

  @Option(names = "--port", defaultValue = "8081", description = "0 for any that is free.")
  private int port;

  @Override
  public Integer call() throws InterruptedException {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("not started by picocli");
    }
    if (port < 0 || port > 65535) {
      throw new ParameterException(spec.commandLine(), "--port: " + port + " is no port");
    }
    try (RivalServer server = start(spec)) {
      spec.commandLine().getOut().println("listening on " + server.url());
      spec.commandLine().getOut().flush();
      new CountDownLatch(1).await(); // Until the process is ended.
    }
    return 0;
  }

  private RivalServer start(CommandSpec spec) {
    try {
      return switch (Objects.requireNonNull(rival)) {
        case ECHO -> EchoServer.start(port);
        case VERTX -> VertxServer.start(port);
        case UNDERTOW -> UndertowServer.start(port);
      };
    } catch (IllegalStateException e) {
      throw new ParameterException(spec.commandLine(), "--port: " + e.getMessage());
    }
  }
}
