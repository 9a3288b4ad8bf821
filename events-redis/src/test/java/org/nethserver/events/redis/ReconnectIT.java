package org.nethserver.events.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nethserver.events.api.spi.TransportSettings.Credentials;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RecordingSink;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisOptions;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;
import org.nethserver.events.redis.testing.RequiresRedis;
import org.nethserver.events.redis.testing.StallingProxy;

@ExtendWith(RedisExtension.class)
final class ReconnectIT {
  private static final String CHANNEL = "cluster/event/thing-changed";
  private static final Duration PROMISED = Duration.ofSeconds(1);
  private static final Timing IMPATIENT = Timing.STANDARD.withSilence(Duration.ofMillis(200));

  private final RecordingSink sink = new RecordingSink();
  private final List<RedisTransport> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(RedisTransport::close);
  }

  private void subscribe(URI address, Timing timing) {
    opened.add(Transports.subscribe(address, timing, sink));
  }

  @Test
  void serverMayBeAbsentAtStart() {
    try (RedisServer redis = RedisServer.stopped()) {
      subscribe(redis.uri(), Timing.STANDARD);
      Eventually.await(
          "several attempts", Duration.ofSeconds(10), () -> sink.reasons().size() >= 5);
      assertEquals("connection refused", sink.reasons().getFirst());
      redis.start();
      sink.awaitSubscriptions(1, PROMISED);
      redis.publish(CHANNEL, "here");
      assertEquals("here", sink.awaitMessages(1).getFirst().text());
    }
  }

  @Test
  void subscribedAgainWithinASecondOfEachReturn(RedisServer redis) {
    subscribe(redis.uri(), Timing.STANDARD);
    sink.awaitSubscriptions(1);
    for (int round = 1; round <= 3; round++) {
      int failures = sink.reasons().size();
      redis.kill();
      // Long enough away that the wait between two attempts has reached its longest.
      Eventually.await(
          "attempts fail", Duration.ofSeconds(20), () -> sink.reasons().size() >= failures + 6);
      redis.start();
      sink.awaitSubscriptions(round + 1, PROMISED);
      redis.publish(CHANNEL, "round " + round);
      assertEquals("round " + round, sink.awaitMessages(round).getLast().text());
    }
  }

  @Test
  void killedClientComesBackWithinASecond(RedisServer redis) {
    subscribe(redis.uri(), Timing.STANDARD);
    sink.awaitSubscriptions(1);
    redis.command("CLIENT", "KILL", "TYPE", "pubsub");
    sink.awaitSubscriptions(2, PROMISED);
    assertEquals(List.of("connection closed by the server"), sink.reasons());
    assertEquals(1, redis.subscribers().size());
  }

  @Test
  void halfOpenConnectionIsNoticedWithinFifteenSeconds(RedisServer redis) throws IOException {
    try (StallingProxy proxy = new StallingProxy(redis.port())) {
      subscribe(proxy.uri(), Timing.STANDARD);
      sink.awaitSubscriptions(1);
      proxy.stall();
      String why = sink.awaitReason(_ -> true, Duration.ofSeconds(15));
      assertEquals("the server has fallen silent: no answer to PING", why);
      sink.awaitSubscriptions(2, PROMISED);
    }
  }

  @Test
  void lostRepliesAloneAreNoticedToo(RedisServer redis) throws IOException {
    try (StallingProxy proxy = new StallingProxy(redis.port())) {
      subscribe(proxy.uri(), IMPATIENT);
      sink.awaitSubscriptions(1);
      proxy.stallReplies();
      sink.awaitSubscriptions(2);
    }
  }

  @Test
  void quietConnectionIsKeptAlive(RedisServer redis) {
    subscribe(redis.uri(), IMPATIENT);
    sink.awaitSubscriptions(1);
    awaitPings(redis, 8);
    assertEquals(List.of(), sink.reasons());
    redis.publish(CHANNEL, "still here");
    assertEquals("still here", sink.awaitMessages(1).getFirst().text());
  }

  @Test
  void forbiddenPingIsASignOfLifeToo(RedisServer redis) {
    redis.command("ACL", "SETUSER", "mute", "on", ">pw", "&*", "+psubscribe");
    subscribe(redis.uri().resolve("redis://mute:pw@127.0.0.1:" + redis.port()), IMPATIENT);
    sink.awaitSubscriptions(1);
    Eventually.await(
        "eight PINGs are refused",
        Duration.ofSeconds(10),
        () ->
            rejected(redis.command("INFO", "commandstats"), "ping") >= 8
                || Integer.parseInt(aclEntryCount(redis)) >= 8);
    assertEquals(List.of(), sink.reasons());
    assertEquals(1, sink.subscriptions());
  }

  private static void awaitPings(RedisServer redis, int count) {
    Eventually.await(
        count + " PINGs",
        Duration.ofSeconds(10),
        () -> {
          String stats = redis.command("INFO", "commandstats");
          int at = stats.indexOf("cmdstat_ping:calls=");
          return at >= 0
              && Integer.parseInt(stats.substring(at + 19, stats.indexOf(',', at))) >= count;
        });
  }

  private static int rejected(String stats, String command) {
    Matcher matcher =
        Pattern.compile("cmdstat_" + command + ":.*rejected_calls=(\\d+)").matcher(stats);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static String aclEntryCount(RedisServer redis) {
    String log = redis.command("INFO", "stats");
    Matcher matcher = Pattern.compile("acl_access_denied_cmd:(\\d+)").matcher(log);
    return matcher.find() ? matcher.group(1) : "0";
  }

  @Test
  void wrongPasswordIsToldWithoutItAndTriedAgain(
      @RedisOptions({"--user", "agent", "on", ">right", "~*", "&*", "+@all"}) RedisServer redis) {
    subscribe(URI.create("redis://agent:wrong-secret@127.0.0.1:" + redis.port()), Timing.STANDARD);
    String why = sink.awaitReason(_ -> true);
    assertEquals("wrong user or password for user \"agent\", or the user is disabled", why);
    redis.command("ACL", "SETUSER", "agent", ">wrong-secret");
    sink.awaitSubscriptions(1);
    assertFalse(sink.reasons().toString().contains("secret"));
  }

  @Test
  void missingPasswordIsToldAndTriedAgain(
      @RedisOptions({"--requirepass", "secret"}) RedisServer redis) throws IOException {
    RedisTransport transport = Transports.open(redis.uri(), Timing.STANDARD, Optional.empty());
    opened.add(transport);
    transport.subscribe(Transports.PATTERN, sink);
    assertEquals(
        "the server wants a user and a password; put them into the address",
        sink.awaitReason(_ -> true));
    try (var probe = redis.probe()) {
      probe.send("AUTH", "secret");
      probe.send("CONFIG", "SET", "requirepass", "");
    }
    sink.awaitSubscriptions(1);
  }

  @Test
  void missingPermissionIsToldWithItsCureAndTriedAgain(
      @RedisOptions({"--user", "agent", "on", ">pw", "resetchannels", "+@all"}) RedisServer redis) {
    RedisTransport transport =
        Transports.open(redis.uri(), Timing.STANDARD, Optional.of(new Credentials("agent", "pw")));
    opened.add(transport);
    transport.subscribe(Transports.PATTERN, sink);
    String why = sink.awaitReason(_ -> true);
    assertEquals(
        "user \"agent\" may not subscribe to */event/*;"
            + " run ACL SETUSER agent +psubscribe &*/event/*",
        why);
    // The cure, word for word.
    redis.command((Object[]) why.substring(why.indexOf("ACL")).split(" "));
    sink.awaitSubscriptions(1);
    redis.publish(CHANNEL, "at last");
    assertEquals("at last", sink.awaitMessages(1).getFirst().text());
  }

  /** Redis 6 leaves some of those connected whose permission is revoked. */
  @Test
  @RequiresRedis(7)
  void revokedPermissionIsTold(
      @RedisOptions({"--user", "agent", "on", ">pw", "allchannels", "+@all"}) RedisServer redis) {
    subscribe(URI.create("redis://agent:pw@127.0.0.1:" + redis.port()), Timing.STANDARD);
    sink.awaitSubscriptions(1);
    redis.command("ACL", "SETUSER", "agent", "resetchannels");
    sink.awaitReason(why -> why.contains("may not subscribe"));
    redis.command("ACL", "SETUSER", "agent", "allchannels");
    sink.awaitSubscriptions(2);
  }

  @Test
  void serverThatAcceptsButDoesNotAnswerIsTold(RedisServer redis) {
    redis.pause();
    try {
      subscribe(redis.uri(), Timing.STANDARD);
      assertEquals("the server does not answer: timed out", sink.awaitReason(_ -> true));
    } finally {
      redis.resume();
    }
    sink.awaitSubscriptions(1);
  }

  /** A server of old, without RESP3, that takes the subscription and never confirms it. */
  @Test
  void missingConfirmationIsToldAndTriedAgain() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> serveWithoutConfirming(server, asked));
      subscribe(
          URI.create("redis://127.0.0.1:" + server.getLocalPort()),
          Timing.STANDARD.withConfirm(Duration.ofMillis(300)));
      assertEquals("the subscription was not confirmed: timed out", sink.awaitReason(_ -> true));
      Eventually.await("asked again", Duration.ofSeconds(5), () -> asked.get() >= 2);
      assertEquals(0, sink.subscriptions());
    }
  }

  private static void serveWithoutConfirming(ServerSocket server, AtomicInteger asked) {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> answerAllButSubscribe(client, asked));
      }
    } catch (IOException e) {
      // Closed by the test.
    }
  }

  private static void answerAllButSubscribe(Socket client, AtomicInteger asked) {
    try (client) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
      for (String line; (line = in.readLine()) != null; ) {
        // *COUNT, and for each word $LENGTH and itself.
        List<String> words = new ArrayList<>();
        for (int i = Integer.parseInt(line.substring(1)); i > 0; i--) {
          in.readLine();
          words.add(in.readLine());
        }
        String reply =
            switch (words.getFirst()) {
              case "HELLO" -> "-ERR unknown command\r\n";
              case "PSUBSCRIBE" -> {
                asked.incrementAndGet();
                yield "";
              }
              default -> "+OK\r\n";
            };
        client.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // Given up by the client.
    }
  }

  @Test
  void fullServerIsTold(@RedisOptions({"--maxclients", "1"}) RedisServer redis) throws IOException {
    List<RedisProbe> only = new ArrayList<>();
    Eventually.await(
        "the only place is taken",
        Duration.ofSeconds(5),
        () -> {
          RedisProbe probe = redis.probe();
          return probe.text("PING").equals("PONG") && only.add(probe);
        });
    subscribe(redis.uri(), Timing.STANDARD);
    assertEquals("the server has reached its maxclients", sink.awaitReason(_ -> true));
    only.getFirst().close();
    sink.awaitSubscriptions(1, PROMISED);
  }

  @Test
  void unknownHostIsTold() {
    subscribe(URI.create("redis://no-such-host.invalid"), Timing.STANDARD);
    assertTrue(sink.awaitReason(_ -> true).startsWith("host not "), sink.reasons().toString());
  }

  @Test
  void strangerOnThePortIsTold() throws IOException {
    try (var web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (true) {
                    var client = web.accept();
                    client
                        .getOutputStream()
                        .write(
                            "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    client.close();
                  }
                } catch (IOException e) {
                  // Closed.
                }
              });
      subscribe(URI.create("redis://127.0.0.1:" + web.getLocalPort()), Timing.STANDARD);
      String why = sink.awaitReason(_ -> true);
      assertEquals("the server's answer is not understood; is it a Redis?", why);
    }
  }
}
