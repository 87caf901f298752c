package dev.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which room may look at which: downward only. */
class RoomsTest {
  private static final String ROOT = "dev.sluice";

  /** Each room, and the rooms below it that it may look at. */
  private static final Map<String, List<String>> ROOMS =
      Map.of(
          "frame", List.of(),
          "metrics", List.of(),
          "socket", List.of(),
          "chat", List.of("frame", "metrics"),
          "agent", List.of("chat", "frame", "metrics"),
          "http", List.of("chat", "frame", "metrics"),
          "upstream", List.of("chat", "frame", "metrics"),
          "shell", List.of("upstream", "chat", "frame"));

  private static final Set<String> NO_NAMES = Set.of("util", "utils", "common", "impl", "manager");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  static Set<String> rooms() {
    return ROOMS.keySet();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void looksDownwardOnly(String room) {
    List<String> forbidden = new ArrayList<>();
    forbidden.add(ROOT);
    for (String other : ROOMS.keySet()) {
      if (!other.equals(room) && !ROOMS.getOrDefault(room, List.of()).contains(other)) {
        forbidden.add(packages(other));
      }
    }
    noClasses()
        .that()
        .resideInAPackage(packages(room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden.toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void everyRoomIsKnown() {
    TreeSet<String> found = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      if (!each.getPackageName().equals(ROOT)) {
        found.add(each.getPackageName().substring(ROOT.length() + 1).split("\\.", -1)[0]);
      }
    }
    assertEquals(new TreeSet<>(ROOMS.keySet()), found);
  }

  @Test
  void framesArePure() {
    classes()
        .that()
        .resideInAPackage(packages("frame"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            packages("frame"), "java.lang..", "java.util", "java.nio.charset", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void framesKnowNoClockAndNoThread() {
    noClasses()
        .that()
        .resideInAPackage(packages("frame"))
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .check(CLASSES);
  }

  @Test
  void chatsKnowNoChannelAndNoHttp() {
    noClasses()
        .that()
        .resideInAPackage(packages("chat"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.netty.channel..",
            "io.netty.handler..",
            "io.netty.bootstrap..",
            "io.netty.resolver..",
            "io.netty.util..",
            "java.net..",
            "tools.jackson..")
        .check(CLASSES);
  }

  @Test
  void metricsKnowTheirLibraryAlone() {
    classes()
        .that()
        .resideInAPackage(packages("metrics"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            packages("metrics"),
            "java..",
            "io.prometheus..",
            "org.HdrHistogram..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void oneClassAloneKnowsTheOptionalLibrary() {
    noClasses()
        .that()
        .doNotHaveSimpleName("LangChain4jHandler")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.langchain4j..")
        .check(CLASSES);
  }

  @Test
  void onlyTheRootAndTheShellReadArgumentsFilesAndEnvironment() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, packages("shell"))
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "java.nio.file..")
        .check(CLASSES);
  }

  @Test
  void roomsAreFreeOfCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noRoomIsAJunkRoom() {
    for (JavaClass each : CLASSES) {
      for (String part : each.getPackageName().split("\\.", -1)) {
        assertTrue(!NO_NAMES.contains(part), each.getName());
      }
    }
  }

  @Test
  void thereIsSomethingToLookAt() {
    assertTrue(CLASSES.size() > 80, () -> CLASSES.size() + " classes");
    assertTrue(
        Arrays.stream(new String[] {"chat.Chat", "frame.FrameFormat", "Main"})
            .allMatch(name -> CLASSES.contain(ROOT + "." + name)));
  }

  private static String packages(String room) {
    return ROOT + "." + room + "..";
  }
}
