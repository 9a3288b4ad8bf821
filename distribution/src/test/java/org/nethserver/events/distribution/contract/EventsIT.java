package org.nethserver.events.distribution.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nethserver.events.redis.testing.RedisProbe;

/** Points 1 to 3: events, publishing, payloads. */
class EventsIT {
  @RegisterExtension static final Stage stage = new Stage();
  private static ContractAgent agent;

  @BeforeAll
  static void startAgent() {
    agent = stage.agent();
  }

  @Claim("1a")
  @Test
  void channelRunsTheStepsInTheDirectoryOfItsName() {
    stage.step("user-added", "10first", "seen first");
    stage.step("user-added", "20second", "seen second");
    stage.step("user-removed", "10other", "seen other");

    assertEquals("\"completed\" (0) at step 20second", agent.run("cluster/event/user-added", "{}"));

    assertEquals(List.of("first", "second"), stage.seen());
  }

  @Claim({"1b", "1c"})
  @Test
  void sourceIsAnyPathOfItsShape() {
    stage.step("source-told", "10tell", "seen \"$AGENT_EVENT_SOURCE\"");
    List<String> sources =
        List.of("cluster", "node/1", "module/traefik1", "site/north/rack-2", "A.b_c-9");

    sources.forEach(source -> agent.run(source + "/event/source-told", "{}"));

    assertEquals(sources, stage.seen());
  }

  @Claim("1d")
  @Test
  void nameThatOnlyBreaksTheRulesOfStyleIsRun() {
    stage.step("Reload_Now", "10run", "seen run");

    agent.run("cluster/event/Reload_Now", "{}");

    assertEquals(List.of("run"), stage.seen());
  }

  @Claim("2a")
  @Test
  void onePublishCommandAndNothingElseIsEnough() throws IOException {
    stage.step("disk-filled", "10tell", "seen \"$(cat)\"");

    agent.run(
        "node/1/event/disk-filled",
        () -> {
          try (Socket publisher = new Socket("127.0.0.1", stage.redis().port())) {
            publisher
                .getOutputStream()
                .write("PUBLISH node/1/event/disk-filled full\r\n".getBytes(UTF_8));
            // The reply, so that closing does not overtake the command.
            assertEquals(':', publisher.getInputStream().read());
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });

    assertEquals(List.of("full"), stage.seen());
  }

  @Claim("2b")
  @Test
  void transactionIsSeenWholeAndNothingBeforeIt() throws IOException {
    stage.rawScript(
        stage.events().resolve("domain-changed/10read"),
        "#!/bin/bash",
        "exec 3<>/dev/tcp/127.0.0.1/" + stage.redis().port(),
        "printf 'GET domain\\r\\n' >&3",
        "read -r _ <&3; read -r value <&3",
        "seen \"${value%$'\\r'}\"");
    stage.step("fence-passed", "10pass", "seen fence");
    try (RedisProbe publisher = stage.redis().server().probe()) {
      publisher.text("SET", "domain", "old");
      publisher.text("MULTI");
      publisher.text("SET", "domain", "new");
      assertEquals("QUEUED", publisher.text("PUBLISH", "cluster/event/domain-changed", "{}"));
      agent.run("cluster/event/fence-passed", "{}");
      assertEquals(List.of("fence"), stage.seen());

      agent.run("cluster/event/domain-changed", () -> exec(publisher));
    }

    assertEquals(List.of("fence", "new"), stage.seen());
  }

  private static void exec(RedisProbe publisher) {
    try {
      publisher.send("EXEC");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Claim("2c")
  @Test
  void publishReturnsWhileTheStepRuns() {
    Gate gate = stage.gate("gate");
    stage.step("backup-finished", "10wait", "seen started", gate.pass(), "seen ended");

    assertTrue(stage.redis().publish("module/a1/event/backup-finished", "{}") >= 1);
    stage.awaitSeen(1);
    assertTrue(stage.redis().publish("module/a1/event/unheard-of", "{}") >= 1);

    assertEquals(List.of("started"), stage.seen());
    gate.open();
    stage.awaitSeen(2);
  }

  @Claim("3a")
  @Test
  void everyByteReachesEveryStep() {
    byte[] payload = new byte[1024];
    for (int i = 0; i < payload.length; i++) {
      payload[i] = (byte) i;
    }
    stage.step("blob-stored", "10first", "note first");
    stage.step("blob-stored", "20second", "note second");

    agent.run(
        "cluster/event/blob-stored",
        () -> stage.redis().publish("cluster/event/blob-stored".getBytes(UTF_8), payload));

    assertArrayEquals(payload, stage.notedBytes("first"));
    assertArrayEquals(payload, stage.notedBytes("second"));
  }

  @Claim({"3a", "3c"})
  @Test
  void jsonStaysAsItWasWritten() {
    String payload = " {\"b\" : 1.50e+2,\n\t\"a\":\"\\u00e9\", \"b\":1.0 }  \n\n";
    stage.step("json-sent", "10save", "note payload");

    agent.run("cluster/event/json-sent", payload);

    assertEquals(payload, stage.noted("payload"));
  }

  @Claim("3b")
  @Test
  void payloadNeedsNotBeJson() {
    stage.step("acl-changed", "10save", "note payload");

    assertEquals(
        "\"completed\" (0) at step 10save", agent.run("cluster/event/acl-changed", "cluster/acls"));

    assertEquals("cluster/acls", stage.noted("payload"));
  }

  @Claim("3d")
  @Test
  void emptyPayloadIsDelivered() {
    stage.step("nothing-told", "10count", "seen \"$(wc -c)\"");

    agent.run("cluster/event/nothing-told", "");

    assertEquals(List.of("0"), stage.seen());
  }

  @Claim("3e")
  @Test
  void wellKnownEventWithAnotherPayloadIsDeliveredWithoutAWord() {
    stage.step("user-domain-changed", "10save", "note payload");
    int before = agent.lines().size();

    agent.run("cluster/event/user-domain-changed", "[\"no\", \"object\"]");

    assertEquals("[\"no\", \"object\"]", stage.noted("payload"));
    List<String> lines = agent.lines().subList(before, agent.lines().size());
    assertEquals(2, lines.size(), () -> "more than start and end: " + lines);
  }
}
