package org.nethserver.events.distribution.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisServer;
import org.nethserver.events.redis.testing.SmallDisk;

/** Real files and limits, well at first, of which one after the other is broken. */
@ExtendWith(RedisExtension.class)
final class DoctorAgentIT {
  private static final int NOBODY = 65534;

  @TempDir private Path directory;
  private Patient patient;

  @BeforeEach
  void begin(RedisServer redis) throws IOException {
    patient = new Patient(directory, redis.port());
  }

  @AfterEach
  void close() {
    patient.close();
  }

  private static void mode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private void assertProblem(Patient.Report report, String... lines) {
    assertEquals(List.of(lines), report.bad("problem"));
    assertEquals(1, report.code());
  }

  @Test
  void wellHasNoProblem() throws IOException, InterruptedException {
    Patient.Report report = patient.examine();
    assertEquals(List.of(), report.bad("problem"));
    assertEquals(0, report.code());
    assertEquals(List.of("ok steps: 1 steps of 1 events run"), report.of("steps"));
    assertEquals(
        1, report.of("image").stream().filter(line -> line.startsWith("ok image: ")).count());
  }

  @Test
  void scriptThatIsNotExecutable() throws IOException, InterruptedException {
    Path step = patient.step("user-created", "20reload");
    mode(step, "rw-r--r--");
    assertProblem(
        patient.examine(),
        "problem step: user-created: "
            + step
            + " does not run: not executable (mode 0644) | run chmod +x");
  }

  @Test
  void scriptThatOthersCanChange() throws IOException, InterruptedException {
    Path step = patient.step("user-created", "20reload");
    mode(step, "rwxrwxrwx");
    assertProblem(
        patient.examine(),
        "problem step: user-created: "
            + step
            + " does not run: \"20reload\" is writable by everyone (mode 0777) | run chmod o-w");
    assertEquals(0, patient.examine("--trust=any").code());
  }

  @Test
  void scriptOfAnotherUser() throws IOException, InterruptedException {
    assumeTrue(isRoot(), "to give files away needs root");
    Path step = patient.step("user-created", "20reload");
    Files.setAttribute(step, "unix:uid", NOBODY);
    assertProblem(
        patient.examine(),
        "problem step: user-created: "
            + step
            + " does not run: \"20reload\" is owned by user 65534, neither root nor the agent's"
            + " own | run chown 0");
  }

  @Test
  void noStepAtAll() throws IOException, InterruptedException {
    Files.delete(patient.step("user-created", "10greet"));
    Patient.Report report = patient.examine();
    assertEquals(
        List.of(
            "warning steps: no event has a step that runs | put an executable file into"
                + " EVENTSDIR/<event>/; see events handlers --help"),
        report.of("steps"));
    assertEquals(0, report.code());
  }

  @Test
  void policyThatCannotBeUsed() throws IOException, InterruptedException {
    Path policy = patient.events().resolve("user-created/handler.json");
    Files.writeString(policy, "{\"retries\": ");
    mode(policy, "rw-r--r--");
    Patient.Report report = patient.examine();
    assertEquals(1, report.code());
    assertEquals(1, report.bad("problem").size(), report::toString);
    String told = report.of("policy").getFirst();
    assertTrue(told.startsWith("problem policy: " + policy + " is not used: "), told);
    assertTrue(told.endsWith(" | mend the file: docs/policies.md"), told);
  }

  @Test
  void nameThatNoEventHas() throws IOException, InterruptedException {
    Files.createDirectories(patient.events().resolve("user created"));
    Files.writeString(patient.events().resolve("README"), "");
    List<String> told = patient.examine().of("event-name");
    assertEquals(2, told.size(), told::toString);
    assertTrue(
        told.contains(
            "note event-name: "
                + patient.events().resolve("README")
                + " is no directory of an event's steps, and is passed over | put steps into a"
                + " directory of their event's name"),
        told::toString);
    assertTrue(
        told.stream()
            .anyMatch(
                line ->
                    line.startsWith(
                            "warning event-name: "
                                + patient.events().resolve("user created")
                                + " never runs: ")
                        && line.endsWith(" | rename it to the event that is published")),
        told::toString);
  }

  @Test
  void nameThatLooksLikeASlip() throws IOException, InterruptedException {
    patient.step("user-domain-chnged", "10greet");
    patient.step("my-own-thing-done", "10greet");
    assertEquals(
        List.of(
            "warning event-name: the catalogue does not know the event \"user-domain-chnged\","
                + " which has steps | did you mean \"user-domain-changed\"? Then rename the"
                + " directory"),
        patient.examine().of("event-name"));
  }

  @Test
  void environmentThatIsMissing() throws IOException, InterruptedException {
    Path file = directory.resolve("work/environment");
    Files.delete(file);
    assertEquals(
        List.of(
            "warning environment: "
                + file
                + " is not there: steps get no variables of it, and each run logs that | start"
                + " the agent in the module's state directory, or run touch "
                + file),
        patient.examine().of("environment"));
    Files.createDirectory(file);
    assertProblem(
        patient.examine(),
        "problem environment: cannot be read: "
            + file
            + " is no regular file | run chmod u+r, or chown to the agent's user");
  }

  @Test
  void pluginThatIsNone() throws IOException, InterruptedException {
    Path plugins = Files.createDirectories(directory.resolve("plugins"));
    Files.writeString(plugins.resolve("mail.jar"), "no jar");
    Patient.Report report = patient.examine("--pluginsdir=" + plugins);
    assertEquals(1, report.code());
    List<String> told = report.bad("problem");
    assertEquals(1, told.size(), told::toString);
    assertTrue(
        told.getFirst()
            .startsWith(
                "problem plugin: plugin \"mail\" in \"" + plugins.resolve("mail.jar") + "\": "),
        told::toString);
    assertTrue(told.getFirst().contains(" | "), told::toString);
  }

  @Test
  void installationThatIsNotThere() throws IOException, InterruptedException {
    patient.variables.put("AGENT_INSTALL_DIR", "/no/such/module");
    assertProblem(
        patient.examine(),
        "problem install-dir: AGENT_INSTALL_DIR \"/no/such/module\" is no directory | set it to"
            + " the module's directory: look at Environment= of the agent's unit");
  }

  @Test
  void stateThatIsOpenToOthers() throws IOException, InterruptedException {
    Path state = Files.createDirectories(patient.state().resolve("module+test1"));
    mode(patient.state(), "rwx------");
    mode(state, "rwxr-xr-x");
    assertProblem(
        patient.examineWithJournal(),
        "problem state-dir: " + state + " is open to others | run chmod 700");
    assertEquals(List.of(), leftOver(state), "nothing is left of the trial");
  }

  private static List<Path> leftOver(Path state) throws IOException {
    try (var files = Files.list(state)) {
      return files.toList();
    }
  }

  @Test
  void stateWithoutRoom() throws IOException, InterruptedException {
    assumeTrue(SmallDisk.missing().isEmpty(), SmallDisk::missing);
    patient.under(
        "unshare",
        "--mount",
        "sh",
        "-c",
        "mkdir -p '%1$s' && mount -t tmpfs -o size=64k,mode=700 tmpfs '%1$s' && mkdir -m 700"
                .formatted(patient.state())
            + " '%1$s/module+test1' && { head -c 1000000 /dev/zero > '%1$s/filler' 2>/dev/null;"
                .formatted(patient.state())
            + " exec \"$@\"; }",
        "sh");
    assertProblem(
        patient.examineWithJournal(),
        "problem state-room: no space is left on the disk of "
            + patient.state().resolve("module+test1")
            + ", or no inode | make room (df, df -i): without it, what runs may run again after a"
            + " restart");
  }

  @Test
  void stateThatCannotBeWritten() throws IOException, InterruptedException {
    assumeTrue(SmallDisk.missing().isEmpty(), SmallDisk::missing);
    patient.under(
        "unshare",
        "--mount",
        "sh",
        "-c",
        "mkdir -p '%1$s' && mount -t tmpfs -o ro,mode=700 tmpfs '%1$s' && exec \"$@\""
            .formatted(patient.state()),
        "sh");
    assertProblem(
        patient.examineWithJournal(),
        "problem state-room: "
            + patient.state()
            + " cannot be written: FileSystemException | let the agent's user write there: run"
            + " chown, or remount it read-write");
  }

  @Test
  void journalWithoutAPlaceForState() throws IOException, InterruptedException {
    Patient.Report report = patient.examine("--journal");
    assertEquals(1, report.code());
    assertEquals(
        List.of(
            "problem flags: --journal has to remember what was run: say where with"
                + " --state-directory=DIR | see events agent --help"),
        report.of("flags"));
  }

  @Test
  void tooFewOpenFiles() throws IOException, InterruptedException {
    patient.under("sh", "-c", "ulimit -n 100 && exec \"$@\"", "sh");
    assertProblem(
        patient.examine(),
        "problem files: 100 open files are allowed, and 32 steps at once need 192 | set"
            + " LimitNOFILE=1024 in the agent's unit, or a lower --max-concurrency");
    assertEquals(0, patient.examine("--max-concurrency=8").code());
  }

  @Test
  void anotherUserThanTheAgents() throws IOException, InterruptedException {
    assumeTrue(isRoot(), "to give files away needs root");
    Path module = Files.createDirectories(directory.resolve("module"));
    Files.setAttribute(module, "unix:uid", NOBODY);
    patient.variables.put("AGENT_INSTALL_DIR", module.toString());
    String owner = Files.getOwner(module).getName();
    assertEquals(
        List.of(
            "warning user: examined as user 0, but "
                + module
                + " belongs to user "
                + owner
                + ": the rules of trust differ | run it as the agent's user: runuser -u "
                + owner
                + " -- events doctor, or runagent -m MODULE events doctor"),
        patient.examine().of("user"));
  }

  @Test
  void userWhoIsNotRoot() throws IOException, InterruptedException {
    assumeTrue(isRoot(), "to become another user needs root");
    Path state = Files.createDirectories(patient.state().resolve("module+test1"));
    patient.under("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    Patient.Report report = patient.examineWithJournal();
    assertProblem(
        report,
        "problem state-dir: "
            + patient.state()
            + " belongs to user 0, not to this process's | run chown",
        "problem state-room: "
            + state
            + " cannot be written: AccessDeniedException | let the agent's user write there: run"
            + " chown, or remount it read-write");
    Patient.Report well = patient.examine();
    assertEquals(List.of(), well.bad("problem"));
    assertEquals(0, well.code());
    assertEquals(List.of("ok steps: 1 steps of 1 events run"), well.of("steps"));
    assertProblem(
        Patient.report(patient.run("--discover", "--json")),
        "problem flags: --discover needs root, since each agent that it finds runs as its own user"
            + " | name the agents of this user by --config");
  }

  @Test
  void eachHostedAgentIsExamined() throws IOException, InterruptedException {
    Path file = directory.resolve("agents.json");
    Path step = patient.step("user-created", "20reload");
    mode(step, "rw-r--r--");
    Files.writeString(
        file,
        """
        {"agents": [
          {"id": "module/one1", "events-directories": ["%1$s"], "state-directory": "%2$s"},
          {"id": "module/two1", "events-directories": [], "state-directory": "%2$s"}]}
        """
            .formatted(patient.events(), directory.resolve("work")));
    Patient.Report report = Patient.report(patient.run("--config=" + file, "--json"));
    assertEquals(List.of("ok agents: module/one1, module/two1"), report.of("agents"));
    assertEquals(2, report.of("steps").size());
    assertProblem(
        report,
        "problem step: user-created: "
            + step
            + " does not run: not executable (mode 0644) | run chmod +x");
    Files.writeString(file, "{\"agents\": [{\"id\": \"module/one1\", \"trust\": \"all\"}]}");
    Patient.Report wrong = Patient.report(patient.run("--config=" + file, "--json"));
    assertEquals(1, wrong.code());
    assertFalse(wrong.of("config").isEmpty(), wrong::toString);
  }

  @Test
  void peopleReadLinesAndCures() throws IOException, InterruptedException {
    Path step = patient.step("user-created", "20reload");
    mode(step, "rw-r--r--");
    patient.variables.put("AGENT_ID", "module/test1");
    Patient.Said said = patient.run("--eventsdir=" + patient.events(), "--quiet");
    assertEquals(1, said.code());
    assertTrue(
        said.out()
            .contains(
                """
                agent module/test1
                  problem  step         user-created: %s does not run: not executable (mode 0644)
                           run chmod +x
                """
                    .formatted(step)),
        said::out);
    assertTrue(said.out().matches("(?s).*\n\\d+ ok, \\d+ notes?, \\d+ warnings?, 1 problem\n"));
    assertFalse(said.out().contains("\n  ok "), said::out);
    assertFalse(said.out().contains("\u001b"), "colours without a terminal");
  }

  @Test
  void wrongFlagIsExitCode2() throws IOException, InterruptedException {
    Patient.Said said = patient.run("--trust=me");
    assertEquals(2, said.code());
    assertEquals(
        """
        wrong value "me" for --trust: use owner or any
        Try "events doctor --help" for what is right.
        """,
        said.err());
  }
}
