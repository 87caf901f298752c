package dev.sluice.loadtest.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetAddressTest {
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080, 127.0.0.1:8080, 8080",
    "http://127.0.0.1:8080/, 127.0.0.1:8080, 8080",
    "http://127.9.9.9, 127.9.9.9:80, 80",
    "http://[::1]:9000, [::1]:9000, 9000",
    "http://localhost:1, localhost:1, 1",
  })
  void loopbackIsATarget(String url, String authority, int port) {
    TargetAddress target = TargetAddress.parse(url);
    assertEquals(authority, target.authority());
    assertEquals(port, target.address().getPort());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://192.0.2.1:80",
        "http://0.0.0.0:80",
        "http://[2001:db8::1]",
        "http://10.0.0.1"
      })
  void anyOtherMachineIsRefused(String url) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> TargetAddress.parse(url));
    assertTrue(e.toString().contains("not loopback"), e::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1",
        "127.0.0.1:8080",
        "http://127.0.0.1/v1",
        "http://127.0.0.1?x",
        "http://me@127.0.0.1",
        "http://",
        "http://a b",
        ""
      })
  void anotherFormOfUrlIsRefused(String url) {
    assertThrows(IllegalArgumentException.class, () -> TargetAddress.parse(url));
  }
}
