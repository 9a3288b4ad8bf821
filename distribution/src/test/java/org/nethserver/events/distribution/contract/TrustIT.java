package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Point 11: whose files are run. Two agents hear each event, one of which trusts anybody. */
class TrustIT {
  private static final int NOBODY = 65_534;

  @RegisterExtension static final Stage stage = new Stage();
  private static ContractAgent careful;
  private static ContractAgent trusting;

  @BeforeAll
  static void startAgents() {
    careful = stage.agent("--trust=owner");
    trusting = stage.launch().id("module/trusting1").flags("--trust=any").subscribed();
  }

  private static void needsRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to give files away");
  }

  private static Path event(String event) {
    stage.step(event, "10run", "seen run");
    return stage.events().resolve(event);
  }

  /** The careful agent skips the step and says why, the trusting one runs it. */
  private static void isRunByTheTrustingAgentAlone(String event) {
    String channel = "cluster/event/" + event;
    String exited = "Handler of " + channel + " exited with status \"completed\" (0) at step ";
    careful.run(channel, "{}");
    trusting.awaitLine(exited);

    List<String> skipped = careful.lines("<4>Handler of " + channel + " skipped step 10run: ");
    assertEquals(1, skipped.size(), careful::said);
    assertTrue(
        skipped.getFirst().matches(".*skipped step 10run: .*(writ|own).*"), skipped::getFirst);
    assertEquals(List.of(), trusting.lines("<4>Handler of " + channel));
    assertEquals(1, stage.seen().size());
    Shell.run("rm -rf '" + stage.events().resolve(event) + "'");
  }

  @Claim({"11a", "11j"})
  @Test
  void worldWritableFile() {
    Shell.run("chmod o+w '" + event("file-opened").resolve("10run") + "'");
    isRunByTheTrustingAgentAlone("file-opened");
  }

  @Claim({"11b", "11j"})
  @Test
  void worldWritableDirectoryOfAnEvent() {
    Shell.run("chmod o+w '" + event("directory-opened") + "'");
    isRunByTheTrustingAgentAlone("directory-opened");
  }

  /** With the sticky bit, too: others may still add steps. */
  @Claim({"11b", "11j"})
  @Test
  void worldWritableDirectoryOfAnEventWithStickyBit() {
    Shell.run("chmod 1777 '" + event("directory-shared") + "'");
    isRunByTheTrustingAgentAlone("directory-shared");
  }

  @Claim({"11c", "11j"})
  @ParameterizedTest
  @ValueSource(strings = {"777", "1777"})
  void worldWritableEventsDirectory(String mode) {
    event("root-opened-" + mode);
    Shell.run("chmod " + mode + " '" + stage.events() + "'");
    try {
      isRunByTheTrustingAgentAlone("root-opened-" + mode);
    } finally {
      Shell.run("chmod 755 '" + stage.events() + "'");
    }
  }

  @Claim({"11d", "11j"})
  @Test
  void fileOfAnotherUser() {
    needsRoot();
    Shell.run("chown " + NOBODY + " '" + event("file-given").resolve("10run") + "'");
    isRunByTheTrustingAgentAlone("file-given");
  }

  @Claim({"11e", "11j"})
  @Test
  void directoryOfAnotherUser() {
    needsRoot();
    Shell.run("chown " + NOBODY + " '" + event("directory-given") + "'");
    isRunByTheTrustingAgentAlone("directory-given");
  }

  @Claim({"11f", "11j"})
  @Test
  void fileThatAnotherGroupMayWrite() {
    needsRoot();
    Path file = event("group-joined").resolve("10run");
    Shell.run("chgrp %d '%s' && chmod g+w '%s'".formatted(NOBODY, file, file));
    isRunByTheTrustingAgentAlone("group-joined");
  }

  @Claim({"11f", "11j"})
  @Test
  void directoryThatAnotherGroupMayWrite() {
    needsRoot();
    Path directory = event("group-let-in");
    Shell.run("chgrp %d '%s' && chmod g+w '%s'".formatted(NOBODY, directory, directory));
    isRunByTheTrustingAgentAlone("group-let-in");
  }

  @Claim({"11h", "11j"})
  @Test
  void linkToAFileThatAnybodyMayWrite() throws IOException {
    Path target = stage.script(stage.root().resolve("bin/open"), "seen run");
    Shell.run("chmod o+w '" + target + "'");
    stage.directory("events/link-followed");
    Files.createSymbolicLink(stage.events().resolve("link-followed/10run"), target);

    isRunByTheTrustingAgentAlone("link-followed");
  }

  @Claim({"11h", "11j"})
  @Test
  void linkIntoADirectoryThatAnybodyMayWrite() throws IOException {
    Path target = stage.script(stage.root().resolve("shared/program"), "seen run");
    Shell.run("chmod 777 '" + target.getParent() + "'");
    stage.directory("events/way-followed");
    Files.createSymbolicLink(stage.events().resolve("way-followed/10run"), target);

    isRunByTheTrustingAgentAlone("way-followed");
  }

  @Claim("11g")
  @Test
  void fileThatTheOwnGroupMayWriteIsRun() {
    Path directory = event("team-trusted");
    Shell.run("chgrp -R $(id -g) '%s' && chmod -R g+w '%s'".formatted(directory, directory));

    careful.run("cluster/event/team-trusted", "{}");

    assertEquals(List.of(), careful.lines("<4>Handler of cluster/event/team-trusted"));
    assertEquals(1, careful.lines("cluster/event/team-trusted is starting step 10run").size());
    // Both agents have run it.
    stage.awaitSeen(2);
  }

  /** An agent of another user: root's files are run there, and its own, and its own group's. */
  @Claim({"11d", "11f", "11g", "11i"})
  @Test
  void agentOfAnotherUserRunsRootsFilesAndItsOwn() {
    needsRoot();
    Path events = stage.directory("others");
    stage.script(events.resolve("night-fallen/10root"), "echo root");
    stage.script(events.resolve("night-fallen/20own"), "echo own");
    stage.script(events.resolve("night-fallen/30stranger"), "echo stranger");
    stage.script(events.resolve("night-fallen/40group"), "echo group");
    stage.script(events.resolve("night-fallen/50others"), "echo others");
    Shell.run(
        ("cd '%s'/night-fallen && chown %d 20own && chown 12345 30stranger"
                + " && chgrp %d 40group && chgrp 12345 50others && chmod g+w 40group 50others")
            .formatted(events, NOBODY, NOBODY));
    ContractAgent agent =
        stage
            .launch()
            .id("module/nobody1")
            .image(readableImage())
            .flags("--eventsdir=" + events)
            .under("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups")
            .subscribed();

    agent.run("cluster/event/night-fallen", "{}");

    assertEquals(List.of("root", "own", "group"), agent.awaitStepLines(3, line -> true));
    assertEquals(1, agent.lines("skipped step 30stranger").size(), agent::said);
    assertEquals(1, agent.lines("skipped step 50others").size(), agent::said);
  }

  /** The image, or a copy of it where its place is closed to others. */
  private static Path readableImage() {
    Path image = ContractAgent.image();
    String visible =
        Shell.run(
            "setpriv --reuid=%d --regid=%d --clear-groups test -x '%s/bin/events-agent' && echo yes || echo no"
                .formatted(NOBODY, NOBODY, image));
    if (visible.strip().equals("yes")) {
      return image;
    }
    Path copy = stage.root().resolve("image");
    Shell.run("cp -a '%s' '%s' && chmod -R go+rX '%s'".formatted(image, copy, copy));
    return copy;
  }
}
