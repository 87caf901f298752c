package dev.sluice;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serve}: runs the server until the process is told to stop. */
@Command(
    name = "serve",
    description = "Runs the server (what happens without a command, too).",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServeOptions options;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields in before it calls
  ServeCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    Sluice sluice = Sluice.start(settings());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sluice), "sluice-stop"));
    StopSignals.heed();
    spec.commandLine().getOut().println("listening on " + sluice.uri());
    new CountDownLatch(1).await();
    return 0;
  }

  /**
   * What the options amount to.
   *
   * @throws ParameterException with an option's name and what is allowed
   */
  Settings settings() {
    try {
      ConfigSources sources = (ConfigSources) spec.defaultValueProvider();
      return options.conclude(sources.file().flows());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void stop(Sluice sluice) {
    try {
      sluice.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sluice.close();
    // Being told to stop, and having stopped in good order, is no failure: without this the JVM
    // would exit with 128 plus the signal's number.
    Runtime.getRuntime().halt(0);
  }
}
