package dev.sluice.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the documents are. */
final class DocumentFiles {
  /** Surefire names the module's directory; an IDE starts there. */
  static final Path MODULE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

  static final Path DOCS = MODULE.resolve("docs");

  private DocumentFiles() {}

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
