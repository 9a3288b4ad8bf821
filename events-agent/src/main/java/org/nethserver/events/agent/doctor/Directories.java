package org.nethserver.events.agent.doctor;

import static org.nethserver.events.api.spi.Finding.note;
import static org.nethserver.events.api.spi.Finding.ok;
import static org.nethserver.events.api.spi.Finding.problem;
import static org.nethserver.events.api.spi.Finding.warning;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.host.AgentPlan;
import org.nethserver.events.agent.posix.Accounts;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Finding.Severity;
import org.nethserver.events.api.spi.StepUser;

/** The places that an agent looks at: whether they are there, and can be entered and read. */
final class Directories implements Examination {
  private final AgentPlan agent;

  Directories(AgentPlan agent) {
    this.agent = agent;
  }

  @Override
  public List<Finding> findings() throws IOException {
    List<Finding> findings = new ArrayList<>();
    agent
        .variables()
        .value("AGENT_INSTALL_DIR")
        .filter(given -> !given.isEmpty())
        .ifPresent(given -> installation(Path.of(given), findings));
    for (StepPlace place : agent.places()) {
      if (place instanceof StepPlace.Events(Path directory)) {
        events(directory, findings);
      }
    }
    working(agent.directory(), findings);
    return findings;
  }

  private void installation(Path directory, List<Finding> findings) {
    if (!Files.isDirectory(directory)) {
      findings.add(
          problem(
              "install-dir",
              "AGENT_INSTALL_DIR \"" + directory + "\" is no directory",
              "set it to the module's directory: look at Environment= of the agent's unit"));
      return;
    }
    findings.add(ok("install-dir", directory.toString()));
    user(directory, findings);
  }

  /** The rules of trust are another user's if it is another user who asks. */
  private void user(Path directory, List<Finding> findings) {
    if (!(agent.settings().user() instanceof StepUser.Own)) {
      return;
    }
    try {
      Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      int me = Accounts.effectiveUser();
      if (owner instanceof Integer uid && uid != 0 && uid != me) {
        findings.add(
            warning(
                "user",
                "examined as user %s, but %s belongs to user %s: the rules of trust differ"
                    .formatted(Integer.toUnsignedString(me), directory, Files.getOwner(directory)),
                "run it as the agent's user: runuser -u "
                    + Files.getOwner(directory)
                    + " -- events doctor, or runagent -m MODULE events doctor"));
      }
    } catch (IOException | UnsupportedOperationException e) {
      findings.add(note("user", "not known whose " + directory + " is: " + e.getMessage()));
    }
  }

  private void events(Path directory, List<Finding> findings) {
    if (Files.notExists(directory)) {
      findings.add(
          note("events-dir", directory + " is not there; the agent sees it once it is made"));
      return;
    }
    if (!Files.isDirectory(directory)) {
      findings.add(
          problem(
              "events-dir",
              directory + " is no directory",
              "name a directory that holds one directory of steps an event"));
      return;
    }
    try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
      List<Finding> strange = new ArrayList<>();
      for (Path name : names) {
        strange(name, strange);
      }
      findings.add(ok("events-dir", directory.toString()));
      findings.addAll(strange);
    } catch (IOException e) {
      findings.add(
          problem(
              "events-dir",
              directory + " cannot be read",
              "let the agent's user in: run chmod u+rx, or chown"));
    }
  }

  private static void strange(Path path, List<Finding> findings) {
    String name = String.valueOf(path.getFileName());
    if (name.startsWith(".")) {
      return; // hidden on purpose
    }
    if (!Files.isDirectory(path)) {
      findings.add(
          new Finding(
              "event-name",
              Severity.NOTE,
              path + " is no directory of an event's steps, and is passed over",
              "put steps into a directory of their event's name"));
      return;
    }
    try {
      new EventName(name);
    } catch (IllegalArgumentException e) {
      findings.add(
          warning(
              "event-name",
              Printable.text(path.toString()) + " never runs: " + e.getMessage(),
              "rename it to the event that is published"));
    }
  }

  private void working(Path directory, List<Finding> findings) throws IOException {
    if (!Files.isDirectory(directory) || !Files.isExecutable(directory)) {
      findings.add(
          problem(
              "working-dir",
              directory + " is no directory that this user may enter",
              "make it, or change WorkingDirectory= of the agent's unit"));
      return;
    }
    findings.add(ok("working-dir", directory.toString()));
    Path file = directory.resolve("environment");
    if (Files.notExists(file)) {
      findings.add(
          warning(
              "environment",
              file + " is not there: steps get no variables of it, and each run logs that",
              "start the agent in the module's state directory, or run touch " + file));
      return;
    }
    try {
      agent.reading().read(file);
      findings.add(ok("environment", file.toString()));
    } catch (IOException e) {
      findings.add(
          Finding.told(
              "environment",
              Severity.PROBLEM,
              "cannot be read: " + e.getMessage(),
              "run chmod u+r, or chown to the agent's user"));
    }
  }
}
