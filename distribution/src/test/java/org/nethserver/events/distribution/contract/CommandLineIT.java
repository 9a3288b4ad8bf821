package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Point 7: the flags that say who the agent is and where its steps are. */
class CommandLineIT {
  @RegisterExtension final Stage stage = new Stage();

  private Launch bare() {
    return stage
        .launch()
        .withoutUsualFlags()
        .variable("REDIS_ADDRESS", stage.redis().address())
        .id("module/named1");
  }

  private static List<String> complaints(ContractAgent agent) {
    return agent.lines().stream().filter(line -> line.matches("<[0-4]>.*")).toList();
  }

  @Claim({"7a", "7b", "7i"})
  @Test
  void flagsAreWrittenWithEqualsSign() {
    Path other = stage.directory("more");
    stage.step("user-added", "10one", "seen one");
    stage.script(other.resolve("user-added/20two"), "seen two");
    ContractAgent agent =
        bare()
            .flags("--agentid=module/named1", "--eventsdir=" + stage.events())
            .flags("--eventsdir=" + other)
            .subscribed();

    agent.run("cluster/event/user-added", "{}");

    assertEquals(List.of("one", "two"), stage.seen());
  }

  @Claim({"7a", "7b", "7f", "7i"})
  @Test
  void flagsAreWrittenAsTwoWords() {
    stage.step("user-added", "10one", "seen one");
    ContractAgent agent =
        bare()
            .flags("--agentid", "module/named1", "--eventsdir", stage.events().toString())
            .flags("--actionsdir", "/nowhere", "--step-timeout", "1h", "--ordering", "none")
            .flags("--trust", "owner", "--max-concurrency", "3", "--stop-grace", "1s")
            .flags("--queue-events", "5", "--queue-bytes", "1MiB")
            .flags("--redis", "redis://" + stage.redis().address())
            .subscribed();

    agent.run("cluster/event/user-added", "{}");

    assertEquals(List.of("one"), stage.seen());
  }

  @Claim("7c")
  @Test
  void eventsDirectoryMayBeMissingOrEmptyUntilItIsThere() {
    Path missing = stage.root().resolve("later");
    ContractAgent agent = stage.agent("--eventsdir=" + missing);
    assertEquals(List.of(), complaints(agent));

    stage.script(missing.resolve("user-added/10one"), "seen one");
    agent.run("cluster/event/user-added", "{}");

    assertEquals(List.of("one"), stage.seen());
    assertEquals(List.of(), complaints(agent));
  }

  @Claim("7d")
  @Test
  void emptyValueNamesNoDirectory() {
    stage.step("user-added", "10one", "seen one");
    ContractAgent agent =
        bare()
            // The directory of the working directory would be this one.
            .directory(stage.state())
            .flags("--agentid=module/named1", "--eventsdir=", "--eventsdir=" + stage.events())
            .subscribed();
    stage.script(stage.state().resolve("user-added/20wrong"), "seen wrong");

    agent.run("cluster/event/user-added", "{}");

    assertEquals(List.of("one"), stage.seen());
    assertEquals(List.of(), complaints(agent));
  }

  @Claim("7e")
  @Test
  void withoutEventsDirectoryItIsThatOfTheInstallation() {
    stage.step("user-added", "10one", "seen one");
    ContractAgent agent =
        bare()
            .variable("AGENT_INSTALL_DIR", stage.root().toString())
            .flags("--agentid=module/named1")
            .subscribed();

    agent.run("cluster/event/user-added", "{}");

    assertEquals(List.of("one"), stage.seen());
  }

  @Claim({"7f", "7g"})
  @Test
  void actionsDirectoriesAreAcceptedAndNotUsed() {
    Path actions = stage.directory("actions");
    stage.script(actions.resolve("user-added/10action"), "seen action");
    stage.step("user-added", "20event", "seen event");
    ContractAgent agent =
        stage.agent("--actionsdir=" + actions, "--actionsdir=/nowhere", "--actionsdir=");

    agent.run("cluster/event/user-added", "{}");

    assertEquals(List.of("event"), stage.seen());
    List<String> told = agent.lines("actionsdir");
    assertEquals(1, told.size(), agent::said);
    assertFalse(told.getFirst().startsWith("<"), told::getFirst);
  }

  @Claim("7j")
  @Test
  void withoutAnyEventsDirectoryItEndsWithOneSentence() {
    ContractAgent agent = bare().flags("--agentid=module/named1").start();

    assertEquals(2, agent.awaitExit());
    assertEquals(1, agent.lines().size(), agent::said);
    assertTrue(agent.lines().getFirst().contains("--eventsdir"), agent::said);
  }

  @Claim("7h")
  @Test
  void withoutAgentIdItEndsWithOneSentence() {
    for (List<String> flags :
        List.of(
            List.of("--eventsdir=" + stage.events()),
            List.of("--agentid=", "--eventsdir=" + stage.events()))) {
      ContractAgent agent = bare().flags(flags.toArray(String[]::new)).start();

      assertEquals(2, agent.awaitExit());
      List<String> said = agent.lines();
      assertEquals(1, said.size(), agent::said);
      assertTrue(said.getFirst().contains("--agentid"), agent::said);
      assertEquals(List.of(), agent.stepLines());
    }
  }
}
