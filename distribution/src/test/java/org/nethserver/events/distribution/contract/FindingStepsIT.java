package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Points 8 and 9: which files are the steps of an event. */
class FindingStepsIT {
  @RegisterExtension static final Stage stage = new Stage();
  private static ContractAgent agent;
  private static Path middle;
  private static Path last;

  @BeforeAll
  static void startAgent() {
    middle = stage.directory("middle");
    last = stage.directory("last");
    agent = stage.agent("--eventsdir=" + middle, "--eventsdir=" + last);
  }

  private static String warnings(String channel) {
    return String.join("\n", agent.lines("<4>Handler of " + channel));
  }

  /**
   * Publishes an event that nobody answers and one that somebody does: what is said of the first.
   */
  private static List<String> saidOf(String channel) {
    stage.step("fence-passed", "10pass", ":");
    int before = agent.lines().size();
    stage.redis().publish(channel, "{}");
    agent.run("cluster/event/fence-passed", "{}");
    return agent.lines().subList(before, agent.lines().size()).stream()
        .filter(line -> !line.contains("fence-passed"))
        .toList();
  }

  @Claim({"8a", "8b", "8c"})
  @Test
  void stepsAreThoseOfTheMomentOfPublishing() throws IOException {
    Path gone = stage.step("config-changed", "10gone", "seen gone");
    stage.step("config-changed", "20kept", "seen old");
    agent.run("cluster/event/config-changed", "{}");

    Files.delete(gone);
    stage.step("config-changed", "20kept", "seen new");
    stage.step("config-changed", "30added", "seen added");
    agent.run("cluster/event/config-changed", "{}");

    assertEquals(List.of("gone", "old", "new", "added"), stage.seen());
  }

  @Claim("8a")
  @Test
  void directoryThatAppearsIsSeenByTheNextEvent() {
    assertEquals(List.of(), saidOf("cluster/event/module-added"));

    stage.script(last.resolve("module-added/10run"), "seen run");
    agent.run("cluster/event/module-added", "{}");

    assertEquals(List.of("run"), stage.seen());
  }

  @Claim("8d")
  @Test
  void eventWithoutDirectoryIsPassedOverInSilence() {
    assertEquals(List.of(), saidOf("cluster/event/never-heard-of"));
  }

  @Claim("8e")
  @Test
  void eventWithoutStepsIsPassedOverInSilence() {
    stage.directory("events/nothing-there");
    stage.step("nothing-there", ".hidden", "seen hidden");
    stage.step("nothing-there", "10old~", "seen old");

    assertEquals(List.of(), saidOf("cluster/event/nothing-there"));
    assertEquals(List.of(), stage.seen());
  }

  @Claim({"9a", "9b"})
  @Test
  void laterDirectoryReplacesStepOfSameName() {
    stage.step("disk-added", "10first", "seen first of events");
    stage.step("disk-added", "30both", "seen both of events");
    stage.script(middle.resolve("disk-added/20middle"), "seen middle");
    stage.script(middle.resolve("disk-added/30both"), "seen both of middle");
    stage.script(last.resolve("disk-added/30both"), "seen both of last");
    stage.script(last.resolve("disk-added/40last"), "seen last");

    agent.run("cluster/event/disk-added", "{}");

    assertEquals(List.of("first of events", "middle", "both of last", "last"), stage.seen());
  }

  @Claim("9c")
  @Test
  void stepsRunInTheOrderOfTheBytesOfTheirNames() {
    stage.step("order-tested", "one", "printf '%s' \"${0##*/}\" | od -An -tx1 >> \"$N/seen\"");
    Path directory = stage.events().resolve("order-tested");
    // Octal: z, é, the wide ａ (which UTF-16 sorts behind the next), an emoji, no UTF-8 at all.
    for (String name :
        List.of(
            "10a",
            "9b",
            "B",
            "a",
            "a-b",
            "a_b",
            "z",
            "\\303\\251",
            "\\357\\275\\201",
            "\\360\\237\\230\\200",
            "\\377")) {
      Shell.run("cd '%s' && cp -p one \"$(printf '%s')\"".formatted(directory, name));
    }
    Shell.run("rm '" + directory.resolve("one") + "'");

    agent.run("cluster/event/order-tested", "{}");

    assertEquals(
        List.of(
            "31 30 61",
            "39 62",
            "42",
            "61",
            "61 2d 62",
            "61 5f 62",
            "7a",
            "c3 a9",
            "ef bd 81",
            "f0 9f 98 80",
            "ff"),
        stage.seen().stream().map(String::strip).toList());
  }

  @Claim("9d")
  @Test
  void subDirectoryIsNoStep() {
    stage.step("user-moved", "10run", "seen run");
    stage.step("user-moved", "05directory/10inner", "seen inner");

    assertEquals("\"completed\" (0) at step 10run", agent.run("cluster/event/user-moved", "{}"));

    assertEquals(List.of("run"), stage.seen());
    assertEquals("", warnings("cluster/event/user-moved"));
  }

  @Claim("9e")
  @Test
  void symbolicLinkIsAStepUnderItsOwnName() throws IOException {
    Path program = stage.script(stage.root().resolve("bin/program"), "seen \"${0##*/}\"");
    stage.step("link-made", "20run", "seen run");
    Files.createSymbolicLink(stage.events().resolve("link-made/10link"), program);

    agent.run("cluster/event/link-made", "{}");

    assertEquals(List.of("10link", "run"), stage.seen());
  }

  @Claim("9f")
  @Test
  void linkToNullMasksTheStepInSilence() throws IOException {
    stage.step("mask-worn", "10masked", "seen masked");
    stage.step("mask-worn", "20run", "seen run");
    stage.script(last.resolve("mask-worn/30other"), "seen other");
    Files.createSymbolicLink(last.resolve("mask-worn/10masked"), Path.of("/dev/null"));

    assertEquals("\"completed\" (0) at step 30other", agent.run("cluster/event/mask-worn", "{}"));

    assertEquals(List.of("run", "other"), stage.seen());
    assertEquals(2, agent.lines("Handler of cluster/event/mask-worn is starting").size());
    assertEquals("", warnings("cluster/event/mask-worn"));
  }

  @Claim({"9g", "9h"})
  @Test
  void hiddenFilesAndLeftoversArePassedOver() {
    for (String name :
        List.of(
            ".10hidden",
            ".swp",
            "10a~",
            "10a.rpmsave",
            "10a.rpmnew",
            "10a.rpmorig",
            "10a.swp",
            "10a.bak",
            "10a.dpkg-old",
            "10a.dpkg-new",
            "10a.dpkg-dist")) {
      stage.step("package-updated", name, "seen \"${0##*/}\"");
    }
    // Near misses, which are steps.
    List<String> steps = List.of("10a", "10a.bak2", "20.swp.sh", "30~a", "40bak", "rpmsave");
    for (String name : steps) {
      stage.step("package-updated", name, "seen \"${0##*/}\"");
    }

    agent.run("cluster/event/package-updated", "{}");

    assertEquals(steps, stage.seen());
    assertEquals("", warnings("cluster/event/package-updated"));
  }
}
