package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nethserver.events.redis.testing.Certificate;
import org.nethserver.events.redis.testing.RedisServer;

/** Point 5: which server the agent connects to, and as whom. */
class ConnectionIT {
  private static final String CHANNEL = "cluster/event/greeting-sent";

  @RegisterExtension final Stage stage = new Stage();

  /** Where nobody listens: the port of a server that was never started. */
  private String nowhere;

  @BeforeEach
  void writeStep() {
    nowhere = stage.keep(Redis.absent()).address();
    stage.step("greeting-sent", "10greet", "seen \"$(cat)\"");
  }

  private void hears(ContractAgent agent, Redis server) {
    agent.run(CHANNEL, () -> server.publish(CHANNEL, "hello"));
    assertEquals(List.of("hello"), stage.seen());
  }

  @Claim("5a")
  @Test
  void subscribesToTheOnePattern() throws IOException {
    try (Socket monitor = new Socket("127.0.0.1", stage.redis().port())) {
      monitor.getOutputStream().write(Redis.bytes("MONITOR\r\n"));
      Transcript said = new Transcript("monitor", monitor.getInputStream());
      Await.until("monitoring", () -> said.texts().contains("+OK\r"));
      ContractAgent agent = stage.agent();
      // What comes after it on the server comes after it here.
      stage.redis().command("ECHO", "fence");
      Await.until("the fence", () -> said.texts().stream().anyMatch(l -> l.contains("fence")));
      List<String> subscriptions =
          said.texts().stream()
              .map(String::strip)
              .filter(line -> line.matches("(?i).*\"psubscribe\".*"))
              .toList();
      assertEquals(1, subscriptions.size(), said.texts()::toString);
      assertTrue(subscriptions.getFirst().endsWith("\"*/event/*\""), subscriptions::getFirst);
      String client = stage.redis().awaitSubscriber(agent.id());
      assertEquals(1, Redis.figure(client, "psub"), client);
      assertEquals(0, Redis.figure(client, "sub"), client);
    }
  }

  @Claim("5b")
  @Test
  void replicaComesFirst() {
    Redis replica = stage.keep(Redis.start());
    ContractAgent agent =
        stage
            .launch()
            .redis(replica)
            .variable("REDIS_REPLICA_ADDRESS", replica.address())
            .variable("REDIS_ADDRESS", nowhere)
            .subscribed();

    hears(agent, replica);
  }

  @Claim("5c")
  @Test
  void primaryComesSecond() {
    ContractAgent agent =
        stage
            .launch()
            .variable("REDIS_REPLICA_ADDRESS", "")
            .variable("REDIS_ADDRESS", stage.redis().address())
            .subscribed();

    hears(agent, stage.redis());
  }

  /** Whether a server listens there or not, the agent says where it looks for one. */
  @Claim("5d")
  @Test
  void localServerComesLast() {
    for (String empty : List.of("unset", "empty")) {
      String id = "module/" + empty + "1";
      Launch launch =
          stage
              .launch()
              .id(id)
              .withoutUsualFlags()
              .flags("--agentid=" + id, "--eventsdir=" + stage.events());
      if (empty.equals("empty")) {
        launch.variable("REDIS_REPLICA_ADDRESS", "").variable("REDIS_ADDRESS", "");
      }

      String line =
          launch.start().awaitLine("a line about the server", l -> l.contains("ubscribed to"));

      assertTrue(line.contains("127.0.0.1:6379"), line);
    }
  }

  @Claim({"5e", "5g"})
  @Test
  void logsInAsDefaultWithItsIdAsPasswordAndName() {
    Redis server = stage.keep(Redis.start("--requirepass", "module/login1"));
    server.login("module/login1");
    ContractAgent agent = stage.launch().id("module/login1").redis(server).subscribed();

    String client = server.awaitSubscriber("module/login1");
    assertTrue(client.contains(" user=default "), client);
    hears(agent, server);
  }

  @Claim({"5f", "5g"})
  @Test
  void serverWithoutPasswordTakesItIn() {
    ContractAgent agent = stage.launch().id("node/7").subscribed();

    String client = stage.redis().awaitSubscriber("node/7");
    assertTrue(client.contains(" user=default "), client);
    hears(agent, stage.redis());
  }

  @Claim("5h")
  @Test
  void uriOverridesTheEnvironment() {
    Redis server = stage.keep(Redis.start());
    ContractAgent agent =
        stage
            .launch()
            .redis(server)
            .variable("REDIS_REPLICA_ADDRESS", nowhere)
            .variable("REDIS_ADDRESS", stage.redis().address())
            .flags("--redis=redis://" + server.address())
            .subscribed();

    hears(agent, server);
  }

  @Claim("5i")
  @Test
  void uriNamesTheUser() {
    Redis server = stage.keep(Redis.start());
    server.command("ACL", "SETUSER", "alice", "on", ">se cret", "&*", "+@all");
    ContractAgent agent =
        stage
            .launch()
            .redis(server)
            .flags("--redis=redis://alice:se%20cret@" + server.address())
            .subscribed();

    String client = server.awaitSubscriber(agent.id());
    assertTrue(client.contains(" user=alice "), client);
    hears(agent, server);
  }

  @Claim("5j")
  @Test
  void uriAsksForEncryption() {
    Certificate certificate = Certificate.create(stage.directory("tls"), "ip:127.0.0.1");
    int port = stage.keep(Redis.absent()).port();
    Redis server =
        stage.keep(
            Redis.start(
                "--tls-port",
                "" + port,
                "--tls-cert-file",
                certificate.certificate().toString(),
                "--tls-key-file",
                certificate.key().toString(),
                "--tls-auth-clients",
                "no"));
    ContractAgent agent =
        stage
            .launch()
            .redis(server)
            .flags("--redis=rediss://127.0.0.1:" + port + "?ca-file=" + certificate.certificate())
            .subscribed();

    String client = server.awaitSubscriber(agent.id());
    assertTrue(client.contains(" laddr=127.0.0.1:" + port + " "), client);
    hears(agent, server);
  }

  @Claim("5k")
  @Test
  void uriNamesAUnixSocket() {
    Path socket = stage.root().resolve("redis.sock");
    Redis server = stage.keep(Redis.start("--unixsocket", socket.toString()));
    ContractAgent agent =
        stage.launch().redis(server).flags("--redis=redis-socket://" + socket).subscribed();

    String client = server.awaitSubscriber(agent.id());
    assertTrue(client.contains(" addr=" + socket + ":0 "), client);
    hears(agent, server);
  }

  @Claim("5l")
  @Test
  void uriAsksSentinels() {
    Redis primary = stage.keep(Redis.start());
    Redis sentinel = stage.keep(Redis.started(RedisServer.startSentinel(primary.server(), "main")));
    ContractAgent agent =
        stage
            .launch()
            .redis(primary)
            .flags(
                "--redis=redis-sentinel://%s,%s/?sentinelMasterId=main"
                    .formatted(nowhere, sentinel.address()))
            .subscribed();

    hears(agent, primary);
  }

  @Claim("5m")
  @Test
  void whatATransactionWritesIsOnTheReplicaWhenItsEventIs() {
    Redis replica = stage.keep(Redis.start("--replicaof", "127.0.0.1 " + stage.redis().port()));
    Await.until(
        "replication",
        () -> replica.command("INFO", "replication").contains("master_link_status:up"));
    stage.rawScript(
        stage.events().resolve("value-set/10read"),
        "#!/bin/bash",
        "exec 3<>/dev/tcp/127.0.0.1/" + replica.port(),
        "printf 'GET contract-value\\r\\n' >&3",
        "read -r _ <&3; read -r value <&3",
        "seen \"$(cat) ${value%$'\\r'}\"");
    ContractAgent agent =
        stage
            .launch()
            .redis(replica)
            .variable("REDIS_REPLICA_ADDRESS", replica.address())
            .variable("REDIS_ADDRESS", stage.redis().address())
            .subscribed();

    List<String> wanted = IntStream.rangeClosed(1, 20).mapToObj(i -> i + " " + i).toList();
    for (int i = 1; i <= wanted.size(); i++) {
      String value = "" + i;
      agent.run("cluster/event/value-set", () -> transaction(value));
    }

    assertEquals(wanted, stage.seen());
  }

  private void transaction(String value) {
    stage.redis().command("MULTI");
    stage.redis().command("SET", "contract-value", value);
    stage.redis().command("PUBLISH", "cluster/event/value-set", value);
    stage.redis().command("EXEC");
  }
}
