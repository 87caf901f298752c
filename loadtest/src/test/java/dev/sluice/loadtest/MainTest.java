package dev.sluice.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpTellsTheScenariosAndTheExitCodes() {
    assertEquals(0, execute("run", "--help"));
    assertTrue(out.toString().contains("unicast"), out::toString);
    assertTrue(out.toString().contains("FAIL(rig)"), out::toString);
    assertEquals(0, execute("--help"));
  }

  @Test
  void noCommandIsAUsageError() {
    assertEquals(2, execute());
  }

  @ParameterizedTest
  @CsvSource({
    "--url http://192.0.2.1:80,        not loopback",
    "--url https://127.0.0.1,          http://host:port",
    "--streams 0,                      --streams",
    "--tokens 2147483647,              --tokens",
    "--rate 0,                         --rate",
    "--rate NaN,                       --rate",
    "--connections 0,                  --connections",
    "--transport carrier-pigeon,       --transport",
    "--tag a/b,                        --tag",
    "--tokens 100 --rate 1,            --timeout-seconds",
    "nonsense,                         no scenario 'nonsense'",
    "nowhere.yaml,                     no such file",
    "--chats 3 --streams 2,            --chats",
    "--answers 2,                      --schedule model",
    "--schedule model --publish own,   --publish lines or post",
    "--schedule poisson --streams 1000000 --tokens 20,  keeps all times",
    "--model-fastest 1,                --model-fastest",
    "--slow-percent 60 --stalled-percent 40,  leave no stream",
    "--drop-percent 101,               --drop-percent",
    "idle --drop-every-ms 5,           --publish lines or post",
    "--ramp-to 1,                      --ramp-to",
    "--max-idle-bytes 5,               needs --pid",
    "--vs http://192.0.2.1:80,         --vs",
    "--vs http://127.0.0.1:1 --rounds 0,  --rounds",
    "ramp --vs http://127.0.0.1:1,     --ramp-to",
    "--dialect klingon,                no dialect 'klingon'",
    "--dialect prediction,             no lines-url",
    "--publish-url /p/{chat},          no {chat}",
    "--publish-body x,                 no {token}",
    "--subscribe-url sub,              neither a path",
    "--form telegram,                  --form",
    "--nonsense,                       --nonsense",
  })
  void aWrongCommandLineIsNamed(String args, String named) {
    assertEquals(2, execute(("run " + args).split(" ", -1)));
    assertTrue(err.toString().contains(named), err::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "report,                    Missing required parameter",
    "report no/such/directory,  no summary.json",
    "report a=,                 no summary.json",
  })
  void aWrongReportIsNamed(String args, String named) {
    assertEquals(2, execute(args.split(" ", -1)));
    assertTrue(err.toString().contains(named), err::toString);
  }

  private int execute(String... args) {
    return Main.execute(new PrintWriter(out), new PrintWriter(err), args);
  }
}
