package dev.sluice;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where an option that is not on the command line comes from: the environment, else the file.
 *
 * @param environment the variables of the process
 * @param file the file that {@code --config} or {@code SLUICE_CONFIG} names; empty if there is none
 */
record ConfigSources(Map<String, String> environment, ConfigFile file)
    implements IDefaultValueProvider {
  private static final String PREFIX = "SLUICE_";
  private static final String CONFIG = "--config";

  /**
   * Finds the sources for a command line.
   *
   * @param serve the command whose options may be named
   * @throws IllegalArgumentException if the file cannot be read, or a source has a key that is no
   *     option, with its name and what is allowed
   */
  static ConfigSources of(CommandSpec serve, Map<String, String> environment, String... args) {
    TreeSet<String> names = new TreeSet<>();
    for (OptionSpec option : serve.options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        names.add(option.longestName().substring(2));
      }
    }
    for (String variable : environment.keySet()) {
      if (variable.startsWith(PREFIX)
          && names.stream().noneMatch(name -> variable(name).equals(variable))) {
        throw new IllegalArgumentException(
            "the environment variable " + variable + " is no option; there are " + names);
      }
    }
    String path = configPath(environment, args);
    ConfigFile file =
        path == null ? new ConfigFile(Map.of(), Map.of()) : ConfigFile.read(Path.of(path));
    for (String key : file.options().keySet()) {
      if (!names.contains(key)) {
        throw new IllegalArgumentException(
            "the key " + key + " of " + path + " is no option; there are " + names + " and flows");
      }
    }
    return new ConfigSources(environment, file);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (argument instanceof OptionSpec option && !option.usageHelp() && !option.versionHelp()) {
      String name = option.longestName().substring(2);
      String value = environment.get(variable(name));
      return value == null ? file.options().get(name) : value;
    }
    return null;
  }

  private static String variable(String name) {
    return PREFIX + name.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  // The file has to be known before the command line is parsed, because it gives the defaults.
  private static @Nullable String configPath(Map<String, String> environment, String... args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(CONFIG + "=")) {
        return args[i].substring(CONFIG.length() + 1);
      }
      if (args[i].equals(CONFIG) && i + 1 < args.length) {
        return args[i + 1];
      }
    }
    return environment.get(variable("config"));
  }
}
