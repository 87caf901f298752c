package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.docs.OpenApiDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The document has every call of the server and no other, and every code. */
class OpenApiRoutesTest {
  private static final Path SOURCES =
      Path.of(System.getProperty("basedir", ""), "src", "main", "java", "dev", "sluice", "http");

  /** Where a problem gets its code. */
  private static final Pattern CODE =
      Pattern.compile(
          "(?:badRequest\\(|fault\\(|HttpResponseStatus\\.(?!OK)[A-Z_]+,|CODE =|, \"flow\",)\\s*\"([a-z_]+)\"");

  private final OpenApiDocument document = OpenApiDocument.load();

  @Test
  void everyRouteIsDocumentedAndEveryDocumentedCallIsARoute() {
    TreeSet<String> documented =
        document.operations().stream()
            .map(call -> call.method() + " " + call.path().replaceAll("\\{[^}]*}", "{}"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(EdgeRoutes.create().names()), documented);
  }

  /** Also those that no test has provoked yet. */
  @Test
  void everyCodeInTheSourceIsDocumented() throws IOException {
    Set<String> codes = new TreeSet<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        CODE.matcher(Files.readString(file)).results().forEach(code -> codes.add(code.group(1)));
      }
    }
    assertTrue(codes.size() > 25, codes::toString);
    codes.removeAll(document.problemCodes());
    assertEquals(Set.of(), codes);
  }
}
