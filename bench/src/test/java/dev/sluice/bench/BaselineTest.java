package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineTest {
  @TempDir Path directory = Path.of("");

  @Test
  void isWrittenInWholeBytesOneALineWithoutRivals() throws IOException {
    Path file = directory.resolve("baseline.json");
    Baseline.of(
            new JmhJson()
                .fast("b.OneBenchmark.x", 24.0234)
                .fast("a.OneBenchmark.sluice", 0.0004, "n=1")
                .fast("a.OneBenchmark.copy", 99)
                .read())
        .write(file);
    assertEquals(
        "{\n  \"a.One.sluice n=1\" : 0,\n  \"b.One.x\" : 24\n}\n",
        Files.readString(file).replace("\r", ""));
    Baseline read = Baseline.read(file);
    assertEquals(2, read.bytesPerOp().size());
    assertEquals(24.0, read.bytesPerOp().get("b.One.x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"a\":\"1\"}", "{\"a\":-1}", "{\"a\":null}"})
  void aBadOneIsRefusedByItsName(String json) throws IOException {
    Path file = Files.writeString(directory.resolve("baseline.json"), json);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Baseline.read(file));
    assertTrue(String.valueOf(e.getMessage()).contains("baseline.json"));
  }

  @Test
  void theCommittedOneCanBeRead() throws IOException {
    Baseline committed = Baseline.read(Path.of("baseline.json"));
    assertTrue(committed.bytesPerOp().size() > 10);
    assertEquals(0.0, committed.bytesPerOp().get("frame.TokenFrame.sluice chars=20 text=ASCII"));
  }
}
