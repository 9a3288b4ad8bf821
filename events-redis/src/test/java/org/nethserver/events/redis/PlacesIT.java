package org.nethserver.events.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Certificate;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RecordingSink;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisServer;

/** Ways to a server other than plain TCP. */
@ExtendWith(RedisExtension.class)
final class PlacesIT {
  private static final String CHANNEL = "cluster/event/thing-changed";
  private static final Duration PROMISED = Duration.ofSeconds(1);

  private final RecordingSink sink = new RecordingSink();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private RedisTransport subscribe(String address) {
    RedisTransport transport = Transports.subscribe(URI.create(address), sink);
    opened.add(transport);
    return transport;
  }

  private RedisServer opened(RedisServer server) {
    opened.add(server);
    return server;
  }

  @Nested
  final class UnixSocket {
    @Test
    void bringsAndSendsEvents(@TempDir Path directory) throws Exception {
      Path socket = directory.resolve("redis.sock");
      RedisServer redis = opened(RedisServer.start("--unixsocket", socket.toString()));
      RedisTransport transport = subscribe("redis-socket://" + socket);
      sink.awaitSubscriptions(1);
      assertEquals(
          1, transport.publish(CHANNEL.getBytes(StandardCharsets.US_ASCII), new byte[] {1}));
      redis.publish(CHANNEL, "two");
      assertEquals("two", sink.awaitMessages(2).getLast().text());
      assertTrue(redis.subscribers().getFirst().contains(socket + ":0"));
      assertEquals("redis-socket://" + socket, transport.address());
    }

    @Test
    void mayAppearLater(@TempDir Path directory) {
      Path socket = directory.resolve("redis.sock");
      subscribe("redis+unix://" + socket);
      assertEquals("no such socket", sink.awaitReason(_ -> true));
      RedisServer redis = opened(RedisServer.start("--unixsocket", socket.toString()));
      sink.awaitSubscriptions(1, PROMISED);
      redis.kill();
      assertEquals("connection refused", sink.awaitReason(why -> why.equals("connection refused")));
      redis.start();
      sink.awaitSubscriptions(2, PROMISED);
    }
  }

  @Nested
  final class Tls {
    private Certificate certificate;
    private int port;

    private void start(Path directory, String names) throws IOException {
      certificate = Certificate.create(directory, names);
      try (var free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      RedisServer redis =
          RedisServer.stopped(
              "--tls-port", "" + port,
              "--tls-cert-file", certificate.certificate().toString(),
              "--tls-key-file", certificate.key().toString(),
              "--tls-ca-cert-file", certificate.certificate().toString(),
              "--tls-auth-clients", "no");
      opened(redis);
      redis.launch();
      Eventually.await(
          "the server runs or ends",
          Duration.ofSeconds(10),
          () -> !redis.isAlive() || redis.answers());
      Assumptions.assumeTrue(redis.isAlive(), "needs a redis-server built with TLS");
    }

    @Test
    void certificateOfTheCaFileIsTrusted(@TempDir Path directory) throws Exception {
      start(directory, "ip:127.0.0.1,dns:localhost");
      RedisTransport transport =
          subscribe("rediss://127.0.0.1:" + port + "?ca-file=" + certificate.certificate());
      sink.awaitSubscriptions(1);
      assertEquals(
          1, transport.publish(CHANNEL.getBytes(StandardCharsets.US_ASCII), new byte[3_000_000]));
      assertEquals(3_000_000, sink.awaitMessages(1).getFirst().payload().length);
    }

    @Test
    void unknownCertificateIsRefusedAndTold(@TempDir Path directory) throws Exception {
      start(directory, "ip:127.0.0.1");
      subscribe("rediss://127.0.0.1:" + port);
      assertEquals(
          "TLS: the server's certificate is not trusted: its authority is unknown;"
              + " name it with ?ca-file=/path/ca.pem",
          sink.awaitReason(_ -> true));
      assertEquals(0, sink.subscriptions());
    }

    @Test
    void certificateOfAnotherHostIsRefusedAndTold(@TempDir Path directory) throws Exception {
      start(directory, "dns:elsewhere.example");
      String address = "rediss://127.0.0.1:" + port + "?ca-file=" + certificate.certificate();
      subscribe(address);
      String why = sink.awaitReason(_ -> true);
      assertTrue(why.startsWith("TLS: the server's certificate is for another host: "), why);
      subscribe(address + "&verifyPeer=CA");
      sink.awaitSubscriptions(1);
    }

    @Test
    void missingCaFileIsRefusedAtOnce(@TempDir Path directory) {
      Path file = directory.resolve("missing.pem");
      assertEquals(
          "the ca-file \"" + file + "\" cannot be read",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> subscribe("rediss://127.0.0.1?ca-file=" + file))
              .getMessage());
    }

    @Test
    void caFileWithoutCertificateIsTold(RedisServer redis, @TempDir Path directory)
        throws IOException {
      Path file = Files.writeString(directory.resolve("ca.pem"), "no certificate");
      subscribe("rediss://127.0.0.1:" + redis.port() + "?ca-file=" + file);
      assertEquals("the ca-file holds no certificate", sink.awaitReason(_ -> true));
    }

    @Test
    void plainServerIsTold(RedisServer redis) {
      subscribe("rediss://127.0.0.1:" + redis.port());
      assertEquals(
          "TLS: the server does not answer; does it speak TLS on this port?",
          sink.awaitReason(_ -> true));
    }
  }

  @Nested
  final class Sentinels {
    @Test
    void newPrimaryIsFoundAfterAFailover(RedisServer first) {
      RedisServer second = opened(RedisServer.start("--replicaof", "127.0.0.1", "" + first.port()));
      Eventually.await(
          "the replica is in step",
          Duration.ofSeconds(20),
          () -> first.command("INFO", "replication").contains("state=online"));
      RedisServer sentinel = opened(RedisServer.startSentinel(first, "mymaster"));
      Eventually.await(
          "the sentinel knows the replica",
          Duration.ofSeconds(20),
          () ->
              sentinel.command("SENTINEL", "MASTERS") != null
                  && sentinel.command("INFO", "sentinel").contains("slaves=1"));
      // The first of the sentinels does not exist.
      RedisTransport transport =
          subscribe("redis-sentinel://127.0.0.1:1,127.0.0.1:" + sentinel.port() + "#mymaster");
      sink.awaitSubscriptions(1);
      assertEquals(1, agents(first));
      first.kill();
      sink.awaitSubscriptions(2, Duration.ofSeconds(30));
      Eventually.await(
          "subscribed at the new primary", Duration.ofSeconds(30), () -> agents(second) == 1);
      second.publish(CHANNEL, "new");
      assertEquals("new", sink.awaitMessages(1).getFirst().text());
      assertEquals(
          "redis-sentinel://127.0.0.1:1,127.0.0.1:" + sentinel.port() + "#mymaster",
          transport.address());
    }

    /** Counts our subscriptions: sentinels subscribe too. */
    private static long agents(RedisServer redis) {
      return redis.subscribers().stream().filter(c -> c.contains(" name=module/test1 ")).count();
    }

    @Test
    void unknownNameIsTold(RedisServer redis) {
      RedisServer sentinel = opened(RedisServer.startSentinel(redis, "mymaster"));
      subscribe("redis-sentinel://127.0.0.1:" + sentinel.port() + "#other");
      assertEquals(
          "the sentinels know no such primary; check the name after the #",
          sink.awaitReason(_ -> true));
    }

    @Test
    void absentSentinelsAreTold() {
      subscribe("redis-sentinel://127.0.0.1:1,127.0.0.1:2#mymaster");
      assertEquals("connection refused", sink.awaitReason(_ -> true));
    }
  }
}
