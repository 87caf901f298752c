package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OpenAiTlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path dir;

  @Test
  void streamsFromAServerThatIsTrusted() throws Exception {
    KeyStore keys = selfSigned("localhost");
    try (ScriptedServer server = server(keys);
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      List<String> lines = run.answer(trusting(keys, fixture, run, server.url()), "Why?");
      assertTrue(lines.contains("token/finalResponse secret"), lines.toString());
      assertEquals("end [DONE]", lines.get(lines.size() - 1));
    }
  }

  @Test
  void refusesACertificateOfAnotherHost() throws Exception {
    KeyStore keys = selfSigned("other.example");
    try (ScriptedServer server = server(keys);
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      run.answer(trusting(keys, fixture, run, server.url()), "Why?");
      OpenAiFailureTest.checkError(run, "upstream_tls", 0, false);
      assertTrue(server.requests().isEmpty());
    }
  }

  @Test
  void refusesASelfSignedCertificate() throws Exception {
    try (ScriptedServer server = server(selfSigned("localhost"));
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      run.answer(fixture.upstream(run, server.url()), "Why?");
      OpenAiFailureTest.checkError(run, "upstream_tls", 0, false);
      assertTrue(server.requests().isEmpty());
    }
  }

  @Test
  void refusesAServerWithoutTls() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                c -> {
                  c.send("HTTP/1.1 400 Bad Request\r\n\r\n");
                  c.awaitEof();
                });
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      URI url = URI.create("https://localhost:" + server.url().getPort() + "/v1");
      run.answer(fixture.upstream(run, url), "Why?");
      OpenAiFailureTest.checkError(run, "upstream_tls", 0, false);
    }
  }

  @Test
  void aHandshakeThatNeverEndsIsAConnectTimeout() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      URI url = URI.create("https://127.0.0.1:" + silent.getLocalPort() + "/v1");
      UpstreamSettings settings =
          new UpstreamSettings(
              "assistant", url, null, null, Map.of(), null, true, 50, 30_000, 65_536);
      run.answer(fixture.upstream(run, settings), "Why?");
      OpenAiFailureTest.checkError(run, "upstream_connect_timeout", 0, true);
    }
  }

  private static OpenAiUpstream trusting(
      KeyStore keys, UpstreamFixture fixture, RecordedRun run, URI url) throws Exception {
    X509Certificate certificate = (X509Certificate) keys.getCertificate("server");
    SslContext tls =
        OpenAiUpstream.verifying(SslContextBuilder.forClient().trustManager(certificate));
    return new OpenAiUpstream(
        UpstreamFixture.settings(url),
        fixture.loops(),
        NioSocketChannel.class,
        run.metrics(),
        tls,
        new NameLookup());
  }

  private static ScriptedServer server(KeyStore keys) throws Exception {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    ServerSocket socket =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    return new ScriptedServer(
        socket,
        "https",
        c -> {
          try {
            c.readRequest();
          } catch (SSLException e) {
            // Refused, as some of these tests want it.
            return;
          }
          c.send(ScriptedServer.STREAM_HEAD);
          c.delta("{\"content\":\"secret\"}");
          c.event("[DONE]");
          c.endBody();
        });
  }

  private KeyStore selfSigned(String host) throws Exception {
    Path file = dir.resolve(host + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "SAN=dns:" + host,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, keytool.waitFor(), said);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }
}
