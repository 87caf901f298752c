package dev.sluice.loadtest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** A scenario: options of {@code run} as keys of a YAML file. */
final class ScenarioFile {
  /** What is shipped. */
  static final List<String> SHIPPED =
      List.of(
          "unicast",
          "fan-out",
          "idle",
          "mixed",
          "ramp",
          "reconnect-storm",
          "slow-readers",
          "faults",
          "stalled-memory",
          "own",
          "floor");

  private static final String DESCRIPTION = "description";

  private ScenarioFile() {}

  /**
   * The options of a scenario as arguments, to be put before those of the command line.
   *
   * @param options a command line with the options that there are
   * @throws IllegalArgumentException if something is wrong, with the key and what is allowed
   */
  static List<String> arguments(String nameOrPath, CommandLine options) {
    YamlKeys file = YamlKeys.load("scenario", SHIPPED, nameOrPath);
    List<String> arguments = new ArrayList<>();
    for (Map.Entry<String, String> entry : file.values().entrySet()) {
      String key = entry.getKey();
      if (key.equals(DESCRIPTION)) {
        continue;
      }
      String option = "--" + key;
      if (!options.getCommandSpec().optionsMap().containsKey(option)) {
        throw new IllegalArgumentException(
            "scenario %s: no key %s; there are %s".formatted(nameOrPath, key, keys(options)));
      }
      String argument = option + "=" + entry.getValue();
      try {
        options.parseArgs(argument);
      } catch (ParameterException e) {
        throw new IllegalArgumentException(
            "scenario %s: %s".formatted(nameOrPath, e.getMessage()), e);
      }
      arguments.add(argument);
    }
    return arguments;
  }

  private static String keys(CommandLine options) {
    TreeSet<String> keys = new TreeSet<>();
    keys.add(DESCRIPTION);
    options.getCommandSpec().optionsMap().keySet().stream()
        .filter(name -> name.startsWith("--"))
        .forEach(name -> keys.add(name.substring(2)));
    return String.join(", ", keys);
  }
}
