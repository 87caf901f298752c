package dev.sluice.clients;

import dev.sluice.docs.MarkdownPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * Code of a page of the documents, run as it stands there. It learns the server's address from
 * {@code SLUICE_URL}.
 */
final class PageProgram {
  private PageProgram() {}

  /** The page's code for Node.js, in a directory where the page's packages are installed. */
  static ChildProcess node(URI sluice, String code) {
    try {
      Path target = Path.of(System.getProperty("basedir", ""), "target").toAbsolutePath();
      Path directory = Files.createTempDirectory(target, "page-");
      Files.createSymbolicLink(
          directory.resolve("node_modules"), Tool.SCRIPTS.resolve("node_modules"));
      return start(directory, sluice, Tool.NODE.path(), "page.mjs", code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ChildProcess python(Path directory, URI sluice, String code) {
    return start(directory, sluice, Tool.PYTHON.path(), "page.py", code);
  }

  static ChildProcess shell(Path directory, URI sluice, String code) {
    return start(directory, sluice, "/bin/sh", "page.sh", code);
  }

  /** The options that a page starts the server with, in the form of its command line. */
  static List<String> serverOptions(String code) {
    String jar = "java -jar server/target/sluice.jar ";
    if (!code.startsWith(jar)) {
      throw new AssertionError("not how the server is started: " + code);
    }
    return List.of(code.substring(jar.length()).strip().split(" +", -1));
  }

  /** The page names the version that is installed here. */
  static void requireInstalledVersion(MarkdownPage page, String packageName) {
    String installed =
        JsonMapper.shared()
            .readTree(Tool.SCRIPTS.resolve("package.json").toFile())
            .path("dependencies")
            .path(packageName)
            .asString();
    String version = installed.substring(installed.lastIndexOf('@') + 1);
    String published = packageName.replaceFirst("-[0-9.]+$", "");
    String install = "npm install " + published + "@" + version + "\n";
    if (!page.code("sh").contains(install)) {
      throw new AssertionError(page.name() + " does not have: " + install);
    }
  }

  private static ChildProcess start(
      Path directory, URI sluice, String program, String file, String code) {
    Path script = directory.resolve(file);
    try {
      Files.writeString(script, code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ProcessBuilder builder = new ProcessBuilder(program, script.toString());
    builder.directory(directory.toFile());
    builder.environment().put("SLUICE_URL", sluice.toString());
    builder.environment().put("NO_PROXY", "127.0.0.1");
    return ChildProcess.start(file, builder);
  }
}
