package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Point 10 and the lines for it: steps that cannot be started. */
class SkippedStepsIT {
  @RegisterExtension static final Stage stage = new Stage();
  private static ContractAgent agent;

  @BeforeAll
  static void startAgent() {
    agent = stage.agent();
  }

  /** Runs the event: its step 10bad is skipped with one warning, and 20next still runs. */
  private static void skipsTheBadStep(String event) {
    stage.step(event, "20next", "seen next");
    String channel = "cluster/event/" + event;

    assertEquals("\"completed\" (0) at step 20next", agent.run(channel, "{}"));

    assertEquals(List.of("next"), stage.seen());
    List<String> warnings = agent.lines("<4>Handler of " + channel + " skipped step 10bad: ");
    assertEquals(1, warnings.size(), agent::said);
    assertTrue(warnings.getFirst().matches("<4>Handler of \\S+ skipped step 10bad: \\S.+"));
    assertEquals(List.of(), agent.lines("<7>Handler of " + channel + " is starting step 10bad"));
  }

  private static Path bad(String event) {
    return stage.events().resolve(event).resolve("10bad");
  }

  @Claim({"10a", "22e"})
  @Test
  void fileWithoutXBit() {
    stage.step("x-missed", "10bad", "seen bad");
    Shell.run("chmod 644 '" + bad("x-missed") + "'");

    skipsTheBadStep("x-missed");
  }

  @Claim("10b")
  @Test
  void danglingLink() throws IOException {
    stage.directory("events/target-lost");
    Files.createSymbolicLink(bad("target-lost"), Path.of("/nowhere/at/all"));

    skipsTheBadStep("target-lost");
  }

  @Claim("10c")
  @Test
  void fileWithoutFirstLineIsNotHandedToAShell() {
    stage.rawScript(bad("shebang-forgotten"), "# no interpreter", "seen bad");

    skipsTheBadStep("shebang-forgotten");
  }

  @Claim("10c")
  @Test
  void emptyFile() {
    stage.step("file-emptied", "10bad", ":");
    Shell.run(": > '" + bad("file-emptied") + "'");

    skipsTheBadStep("file-emptied");
  }

  @Claim("10d")
  @Test
  void fileWhoseInterpreterIsMissing() {
    stage.rawScript(bad("interpreter-removed"), "#!/nowhere/interpreter", "seen bad");

    skipsTheBadStep("interpreter-removed");
  }

  @Claim({"10e", "10f"})
  @Test
  void fileThatVanishedBeforeItsTurn() {
    stage.step("step-vanished", "10remove", "rm \"${0%/*}/20bad\"");
    stage.step("step-vanished", "20bad", "seen bad");
    stage.step("step-vanished", "30next", "seen next");

    assertEquals(
        "\"completed\" (0) at step 30next", agent.run("cluster/event/step-vanished", "{}"));

    assertEquals(List.of("next"), stage.seen());
    assertEquals(
        1, agent.lines("<4>Handler of cluster/event/step-vanished skipped step 20bad: ").size());
  }

  @Claim("10f")
  @Test
  void runIsCompletedAtItsLastStepEvenIfThatWasSkipped() {
    stage.step("last-skipped", "10run", "seen run");
    stage.rawScript(stage.events().resolve("last-skipped/20bad"), "no program");
    stage.rawScript(stage.events().resolve("all-skipped/10bad"), "no program");
    stage.rawScript(stage.events().resolve("all-skipped/20bad"), "no program");

    assertEquals("\"completed\" (0) at step 20bad", agent.run("cluster/event/last-skipped", "{}"));
    assertEquals("\"completed\" (0) at step 20bad", agent.run("cluster/event/all-skipped", "{}"));

    assertEquals(List.of("run"), stage.seen());
  }
}
