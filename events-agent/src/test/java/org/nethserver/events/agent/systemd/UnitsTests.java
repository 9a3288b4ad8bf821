package org.nethserver.events.agent.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the distribution's units promise, and that systemd understands every line of them. */
final class UnitsTests {
  private static final Path UNITS = Path.of("../distribution/src/main/units");
  private static final String SYSTEM = "events-agent@.service";
  private static final String USER = "user/events-agent.service";
  private static final String RECORDER = "events-recorder@.service";
  private static final String HOST = "events-host.service";

  @TempDir Path directory;

  @Test
  void systemdUnderstandsTheSystemUnit() throws IOException, InterruptedException {
    copy(UNITS.resolve(SYSTEM), directory.resolve("events-agent@samba1.service"));
    assertEquals("", verify("--system", "events-agent@samba1.service"));
  }

  @Test
  void systemdUnderstandsTheUserUnit() throws IOException, InterruptedException {
    copy(UNITS.resolve(USER), directory.resolve("events-agent.service"));
    assertEquals("", verify("--user", "events-agent.service"));
  }

  @Test
  void systemdUnderstandsTheUnitOfTheHost() throws IOException, InterruptedException {
    copy(UNITS.resolve(HOST), directory.resolve(HOST));
    assertEquals("", verify("--system", HOST));
  }

  @Test
  void systemdUnderstandsTheUnitOfARecorder() throws IOException, InterruptedException {
    copy(UNITS.resolve(RECORDER), directory.resolve("events-recorder@1.service"));
    assertEquals("", verify("--system", "events-recorder@1.service"));
  }

  @Test
  void dropInsForTheHostDifferFromTheOthersByNothingButWhoIsWanted() throws IOException {
    for (String name : List.of("agent@.service", "agent.service")) {
      String path = name + ".d/50-events-agent.conf";
      String one = Files.readString(UNITS.resolve("ns8/" + path));
      String host = Files.readString(UNITS.resolve("ns8-host/" + path));
      String service = "[Service]\n";
      assertEquals(
          one.substring(one.indexOf(service)), host.substring(host.indexOf(service)), name);
      assertTrue(!host.contains("Wants="), host);
    }
  }

  @Test
  void dropInsTakeTheEventsFromTheOtherAgentAndWantOurs() throws IOException, InterruptedException {
    for (String name : List.of("agent@.service", "agent.service")) {
      String dropIn = Files.readString(UNITS.resolve("ns8/" + name + ".d/50-events-agent.conf"));
      assertTrue(dropIn.contains("\nExecStart=\nExecStart=/usr/local/bin/agent \\\n"), dropIn);
      assertTrue(!dropIn.contains("--eventsdir"), dropIn);
      String ours = name.startsWith("agent@") ? "events-agent@%i.service" : "events-agent.service";
      assertTrue(dropIn.contains("\nWants=" + ours + "\n"), dropIn);
      // "runagent -l" reads the id from the first argument.
      assertTrue(dropIn.contains("bin/agent \\\n    --agentid=${AGENT_ID} \\\n"), dropIn);
    }
  }

  @Test
  void systemdUnderstandsTheDropIns() throws IOException, InterruptedException {
    Path unit = directory.resolve("agent@samba1.service");
    Files.writeString(unit, "[Service]\nExecStart=/bin/true --eventsdir=x\n");
    copy(UNITS.resolve(SYSTEM), directory.resolve(SYSTEM));
    copy(
        UNITS.resolve("ns8/agent@.service.d/50-events-agent.conf"),
        Files.createDirectory(directory.resolve("agent@.service.d")).resolve("50.conf"));
    assertEquals("", verify("--system", "agent@samba1.service"));
  }

  @Test
  void allUnitsWaitForTheSubscriptionAndAreWatched() throws IOException {
    for (String unit : List.of(SYSTEM, USER, HOST)) {
      List<String> lines = Files.readAllLines(UNITS.resolve(unit));
      assertTrue(
          lines.containsAll(
              List.of(
                  "Type=notify",
                  "NotifyAccess=main",
                  "TimeoutStartSec=infinity",
                  "WatchdogSec=2min",
                  "KillMode=mixed",
                  "Restart=always")),
          unit);
    }
  }

  @Test
  void coreUpdatesDoNotTakeOursForTheClusterAgent() throws IOException {
    for (String unit : List.of(SYSTEM, USER)) {
      String text = Files.readString(UNITS.resolve(unit)).replaceAll("(?m)^#.*\n", "");
      String command = text.substring(text.indexOf("ExecStart=")).replaceAll(" \\\\\n *", " ");
      assertTrue(command.contains("--agentid=${AGENT_ID}"), command);
      assertTrue(!command.contains("agent --agentid="), command);
    }
  }

  /** The programs are not installed where tests run; systemd looks for them. */
  private static void copy(Path from, Path to) throws IOException {
    Files.writeString(
        to,
        Files.readString(from)
            .replace("/usr/lib/events/bin/events-agent", "/bin/true")
            .replace("/usr/lib/events/bin/events ", "/bin/true ")
            .replace("/usr/local/bin/agent", "/bin/true"));
  }

  private String verify(String manager, String unit) throws IOException, InterruptedException {
    assumeTrue(
        Stream.of("/usr/bin/systemd-analyze", "/bin/systemd-analyze")
            .anyMatch(program -> Files.isExecutable(Path.of(program))),
        "systemd-analyze is missing: install systemd");
    List<String> command = new ArrayList<>(List.of("systemd-analyze", manager, "--man=no"));
    command.addAll(List.of("verify", directory.resolve(unit).toString()));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
    builder.environment().put("SYSTEMD_UNIT_PATH", directory + ":");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }
}
