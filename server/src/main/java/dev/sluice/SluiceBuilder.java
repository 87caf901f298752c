package dev.sluice;

import dev.sluice.agent.AgentFlow;
import dev.sluice.chat.Upstream;
import io.netty.channel.EventLoopGroup;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Says how an embedded server is to be, and starts it. Options are those of the command line, under
 * the same names and with the same defaults and limits; the environment is not looked at. One
 * thread.
 */
public final class SluiceBuilder {
  private final Map<String, String> options = new LinkedHashMap<>();
  private final Map<String, Upstream> flows = new LinkedHashMap<>();
  private @Nullable EventLoopGroup eventLoops;

  SluiceBuilder() {}

  /** The port to listen on; 0 for any that is free. */
  public SluiceBuilder port(int port) {
    return option("port", port);
  }

  /**
   * Sets an option.
   *
   * @param name without the dashes: {@code "heartbeat-ms"}
   */
  public SluiceBuilder option(String name, Object value) {
    options.put(name, value.toString());
    return this;
  }

  /**
   * Has the server use these event loops and not end them; they run on epoll, io_uring or NIO.
   * Without, it makes its own, as the options {@code transport} and {@code threads} say.
   */
  public SluiceBuilder eventLoops(EventLoopGroup group) {
    eventLoops = group;
    return this;
  }

  /**
   * Has an agent in this process answer what is asked of that flow. Its runs are watched: one that
   * is silent for the run idle timeout, or whose agent throws, ends with an error.
   */
  public SluiceBuilder flow(String name, Upstream upstream) {
    flows.put(name, new AgentFlow(name, upstream));
    return this;
  }

  /**
   * Starts the server. If the address cannot be bound, an {@code IOException} is thrown undeclared,
   * as Netty does it.
   *
   * @throws IllegalArgumentException with the name of an option and what is allowed
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public Sluice start() throws InterruptedException {
    return new Sluice(settings(), flows, eventLoops);
  }

  private Settings settings() {
    String[] args =
        options.entrySet().stream()
            .map(option -> "--" + option.getKey() + "=" + option.getValue())
            .toArray(String[]::new);
    CommandLine main = Main.commandLine(Map.of(), args);
    CommandLine serve = Objects.requireNonNull(main.getSubcommands().get("serve"));
    try {
      main.parseArgs(Main.withCommand(args));
      ServeCommand command = serve.getCommand();
      return command.settings();
    } catch (ParameterException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
