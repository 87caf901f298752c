package dev.sluice.loadtest.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.plan.ReaderSpec.Pace;
import dev.sluice.loadtest.target.TargetAddress;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static final TargetAddress SERVER = TargetAddress.parse("http://127.0.0.1:8080");

  @Test
  void slotsAreCutOutAndOtherBracesStay() {
    Template template = Template.of("{\"c\":\"{chat}\",\"d\":{\"t\":\"{token}\"},\"x\":\"{y}\"}");
    String cut =
        template.parts().stream()
            .map(
                part ->
                    part.slot() == null
                        ? new String(part.literal(), StandardCharsets.UTF_8)
                        : "[" + part.slot() + "]")
            .collect(Collectors.joining());
    assertEquals("{\"c\":\"[CHAT]\",\"d\":{\"t\":\"[TOKEN]\"},\"x\":\"{y}\"}", cut);
    assertTrue(template.has(Template.Slot.TOKEN));
    assertFalse(template.has(Template.Slot.INDEX));
  }

  @Test
  void aChatIsFilledIn() {
    assertEquals("/sub/load-1/x", Template.of("/sub/{chat}/x").forChat("load-1"));
  }

  @Test
  void anEndpointIsAPathOrAnotherPortOfThisMachine() {
    assertEquals(SERVER, Endpoint.parse("/pub/{chat}", SERVER).address());
    Endpoint other = Endpoint.parse("http://127.0.0.1:9000/pub/{chat}?a=b", SERVER);
    assertEquals("127.0.0.1:9000", other.address().authority());
    assertEquals("/pub/{chat}?a=b", other.path().source());
    for (String wrong : new String[] {"pub", "http://127.0.0.1:9000", "http://192.0.2.1/x"}) {
      assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(wrong, SERVER), wrong);
    }
  }

  @Test
  void readersOfEachPaceAreTheShareThatIsAskedFor() {
    ReaderSpec spec = new ReaderSpec(10, 1000, 5, 100, 30);
    assertEquals(50, count(spec, Pace.STALLED));
    assertEquals(100, count(spec, Pace.SLOW));
    assertEquals(850, count(spec, Pace.BRISK));
    for (int round = 0; round < 5; round++) {
      int inRound = round;
      assertEquals(300, IntStream.range(0, 1000).filter(n -> spec.drops(n, inRound)).count());
    }
  }

  private static long count(ReaderSpec spec, Pace pace) {
    return IntStream.range(0, 1000).filter(stream -> spec.pace(stream) == pace).count();
  }
}
