package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class ToolCallAssemblerTest {
  record Case(String name, List<String> pieces, String items) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        of(
            "pieces by index",
            "[{'tool':'a','toolInput':{'x':1},'toolOutput':'','toolCallId':'1'},"
                + "{'tool':'b','toolInput':{},'toolOutput':'','toolCallId':'2'}]",
            "[{'index':1,'id':'1','function':{'name':'a','arguments':'{\\'x'}}]",
            "[{'index':2,'id':'2','function':{'name':'b','arguments':''}}]",
            "[{'index':1,'function':{'arguments':'\\':1}'}}]"),
        of(
            "no index, whole calls",
            "[{'tool':'a','toolInput':{},'toolOutput':'','toolCallId':'1'},"
                + "{'tool':'a','toolInput':{},'toolOutput':'','toolCallId':'2'}]",
            "[{'id':'1','function':{'name':'a','arguments':'{}'}},"
                + "{'id':'2','function':{'name':'a','arguments':'{}'}}]"),
        of(
            "no index, pieces",
            "[{'tool':'a','toolInput':{'x':[]},'toolOutput':'','toolCallId':'1'}]",
            "[{'id':'1','function':{'name':'a'}}]",
            "[{'id':'1','function':{'arguments':'{\\'x\\':'}}]",
            "[{'function':{'arguments':'[]}'}}]"),
        of(
            "arguments that are an object already",
            "[{'tool':'a','toolInput':{'x':'y'},'toolOutput':''}]",
            "[{'index':0,'function':{'name':'a','arguments':{'x':'y'}}}]"),
        of(
            "arguments that are JSON but no object",
            "[{'tool':'a','toolInput':'[1]','toolOutput':''}]",
            "[{'index':0,'function':{'name':'a','arguments':'[1]'}}]"),
        of(
            "arguments with something behind",
            "[{'tool':'a','toolInput':'{} {}','toolOutput':''}]",
            "[{'index':0,'function':{'name':'a','arguments':'{} {}'}}]"),
        of("no name", "[{'tool':'tool','toolInput':{},'toolOutput':''}]", "[{'index':0}]"),
        of("nonsense", "[{'tool':'tool','toolInput':{},'toolOutput':''}]", "[5,null,'x']"),
        of("none", "[]", "[]", "null", "{}"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void assembles(Case c) {
    ToolCallAssembler assembler = new ToolCallAssembler(1024);
    for (String piece : c.pieces()) {
      assertTrue(assembler.add(JsonMapper.shared().readTree(json(piece))));
    }
    assertEquals(json(c.items()), assembler.take().toString());
    assertTrue(assembler.isEmpty());
  }

  @Test
  void isBounded() {
    ToolCallAssembler assembler = new ToolCallAssembler(1024);
    int added = 0;
    while (assembler.add(
        JsonMapper.shared().readTree("[{\"index\":" + added + ",\"function\":{}}]"))) {
      added++;
    }
    assertTrue(added > 4 && added < 32, () -> "calls without text count too");
    assertFalse(assembler.isEmpty());
  }

  private static Case of(String name, String items, String... pieces) {
    return new Case(name, List.of(pieces), items);
  }

  /** So that the table can be read: single quotes for double ones. */
  private static String json(String quoted) {
    return quoted.replace("\\'", "\\\"").replace('\'', '"');
  }
}
