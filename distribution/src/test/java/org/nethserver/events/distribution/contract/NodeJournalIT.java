package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Point 24 under systemd: whose lines the journal takes those of a module for. */
class NodeJournalIT {
  @RegisterExtension final Stage stage = new Stage();

  @Claim({"24v", "24d"})
  @Test
  void linesOfAModuleAreItsUsersInTheJournal() {
    String missing = Journal.missing();
    assumeTrue(missing.isEmpty(), missing);
    Journal journal = stage.keep(new Journal());
    Node node = new Node(stage);
    for (String name : List.of("mail1", "web1")) {
      node.step(node.rootless(name, ""), "user-created", "echo '<4>from a step'; seen " + name);
    }
    node.step(node.rootfull("samba1", ""), "user-created", "echo '<4>from a step'; seen samba1");
    // The journal's name space first, and the node's within it.
    List<String> command = new ArrayList<>(List.of(journal.asService(stage.state())));
    command.addAll(List.of(node.launcher()));
    ContractAgent agent =
        stage
            .launch()
            .withoutUsualFlags()
            .id("events")
            .variable("REDIS_ADDRESS", stage.redis().address())
            .under(command.toArray(String[]::new))
            .flags("--discover=" + node.root(), "--trust=any")
            .subscribed();

    stage.redis().publish("cluster/event/user-created", "{}");
    stage.awaitSeen(3);

    for (String name : List.of("mail1", "web1", "samba1")) {
      String uid = name.equals("samba1") ? "0" : "" + node.uid(name);
      String id = "AGENT_ID=module/" + name;
      for (String entry : journal.await(3, id, "AGENT_EVENT_NAME=user-created")) {
        assertEquals(uid, Journal.field(entry, "_UID"), entry);
        assertEquals("agent@" + name, Journal.field(entry, "SYSLOG_IDENTIFIER"), entry);
      }
      assertEquals(
          "from a step",
          Journal.field(journal.await(1, id, "AGENT_STREAM=stdout").getFirst(), "MESSAGE"));
      assertEquals(3, journal.entries("_UID=" + uid, id, "AGENT_EVENT_NAME=user-created").size());
    }
    assertEquals(List.of(), agent.stepLines());
  }
}
