package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands reach a server whose proxy speaks TLS, if its certificate is trusted. */
class ShellTlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir private Path directory;

  @Test
  void tlsIsSpokenWithWhomTheJvmTrusts() throws GeneralSecurityException, IOException {
    Path keys = selfSigned();
    Map<String, String> trusting =
        Map.of(
            "JAVA_TOOL_OPTIONS",
            "-Djavax.net.ssl.trustStore="
                + keys
                + " -Djavax.net.ssl.trustStorePassword="
                + PASSWORD);
    try (ServerUnderTest server = ServerUnderTest.start();
        CuttingProxy proxy = CuttingProxy.before(tls(keys), server, List.of())) {
      String url = "https://localhost:" + proxy.uri().getPort();
      try (ShellProcess publish = ShellProcess.sluice(directory, trusting, "publish", url, "c");
          ShellProcess tail = ShellProcess.sluice(directory, trusting, "tail", url, "c")) {
        publish.write("über TLS").endInput();
        assertEquals(0, publish.awaitExit(), publish::err);
        assertEquals(0, tail.awaitExit(), tail::err);
        assertEquals("über TLS", tail.out());
      }
      try (ShellProcess publish = ShellProcess.sluice(directory, "publish", url, "c");
          ShellProcess tail = ShellProcess.sluice(directory, "tail", url, "c")) {
        publish.write("not trusted").endInput();
        // At once: a certificate does not become better by trying again.
        assertEquals(1, tail.awaitExit(), tail::err);
        assertTrue(tail.err().contains("PKIX"), tail::err);
        assertEquals(1, publish.awaitExit(), publish::err);
        assertTrue(publish.err().contains("PKIX"), publish::err);
      }
    }
  }

  private Path selfSigned() {
    Path keys = directory.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command =
        List.of(
            keytool,
            "-genkeypair",
            "-alias",
            "a",
            "-keyalg",
            "RSA",
            "-keystore",
            keys.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost",
            "-validity",
            "2");
    try (ChildProcess process = ChildProcess.start("keytool", command)) {
      assertEquals(0, process.awaitExit());
    }
    return keys;
  }

  private static ServerSocket tls(Path keys) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context
        .getServerSocketFactory()
        .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }
}
