package org.nethserver.events.agent.doctor;

import static org.nethserver.events.api.spi.Finding.note;
import static org.nethserver.events.api.spi.Finding.ok;
import static org.nethserver.events.api.spi.Finding.problem;
import static org.nethserver.events.api.spi.Finding.warning;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.nethserver.events.api.spi.Finding;

/**
 * The unit of systemd that the agent runs as on a NethServer 8 node.
 *
 * @param name such as {@code events-agent@samba1.service}
 * @param user whether it is one of the user's own systemd
 */
record Unit(String name, boolean user) {
  private static final Path SYSTEMD = Path.of("/run/systemd/system");
  private static final int PATIENCE_SECONDS = 2;

  /**
   * Returns the unit of an agent.
   *
   * @param agent its id
   * @param root whether root asks: others have units of their own
   */
  static Unit of(String agent, boolean root) {
    return root
        ? new Unit("events-agent@" + agent.substring(agent.indexOf('/') + 1) + ".service", false)
        : new Unit("events-agent.service", true);
  }

  /** Returns the unit of the host of many agents. */
  static Unit ofHost() {
    return new Unit("events-host.service", false);
  }

  static boolean isSystemdRunning() {
    return Files.isDirectory(SYSTEMD);
  }

  /** Asks systemd for what it knows; empty if it does not answer. */
  Map<String, String> properties() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("systemctl"));
    if (user) {
      command.add("--user");
    }
    command.addAll(
        List.of("show", "--property=LoadState,ActiveState,SubState,MainPID,Result", name));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return Map.of();
      }
      Map<String, String> properties = new HashMap<>();
      new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("=", 2))
          .filter(parts -> parts.length == 2)
          .forEach(parts -> properties.put(parts[0], parts[1]));
      return properties;
    } finally {
      process.destroyForcibly();
    }
  }

  Finding finding(Map<String, String> properties) {
    String systemctl = "systemctl " + (user ? "--user " : "");
    String state = properties.getOrDefault("ActiveState", "");
    if (state.isEmpty()) {
      return note("unit", "not known: systemd tells nothing of " + name);
    }
    if (properties.getOrDefault("LoadState", "").equals("not-found")) {
      return note("unit", "there is no unit " + name + ": this agent is started otherwise");
    }
    return switch (state) {
      case "active" ->
          ok("unit", name + " is active, process " + properties.getOrDefault("MainPID", "?"));
      case "activating" ->
          warning(
              "unit",
              name + " is activating: it waits for its subscription, or is started again and again",
              "see " + systemctl + "status " + name + ", and what is said of the transport here");
      case "failed" ->
          problem(
              "unit",
              name + " has failed: " + properties.getOrDefault("Result", "?"),
              "see journalctl "
                  + (user ? "--user " : "")
                  + "-u "
                  + name
                  + ", then run "
                  + systemctl
                  + "restart "
                  + name);
      default ->
          warning(
              "unit",
              name + " is " + state,
              "run "
                  + systemctl
                  + "start "
                  + name
                  + ", unless another process has this agent: events-host.service, or the NS8"
                  + " agent itself");
    };
  }
}
