package org.nethserver.events.agent.doctor;

import static org.nethserver.events.api.spi.Finding.note;
import static org.nethserver.events.api.spi.Finding.ok;
import static org.nethserver.events.api.spi.Finding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.host.JournalPlan;
import org.nethserver.events.agent.journal.Place;
import org.nethserver.events.agent.journal.StateFile;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Journal;

/** How far an agent is behind the journal, and what it has set aside. */
final class Lag implements Examination {
  /** What a running agent needs for slow steps is not counted as lag. */
  private static final Duration LONG = Duration.ofMinutes(5);

  private final JournalPlan plan;
  private final Journal journal;
  private final String agent;

  Lag(JournalPlan plan, Journal journal, String agent) {
    this.plan = plan;
    this.journal = journal;
    this.agent = agent;
  }

  @Override
  public List<Finding> findings() throws IOException {
    Path directory = plan.states().path(agent);
    if (Files.notExists(directory)) {
      return List.of(note("lag", "this agent has not run with --journal yet"));
    }
    List<Finding> findings = new ArrayList<>();
    Optional<Place> reached = StateFile.reached(directory);
    if (reached.isEmpty()) {
      findings.add(note("lag", "this agent has no place in the journal yet"));
    } else {
      findings.add(behind(reached.get()));
    }
    int dead = StateFile.dead(directory).size();
    if (dead > 0) {
      findings.add(
          warning(
              "dead",
              dead + " events are set aside, since the agent died in them twice",
              "see events dead --agentid="
                  + agent
                  + " --state-directory="
                  + plan.states().base()
                  + ", and retry or drop them"));
    }
    return findings;
  }

  private Finding behind(Place reached) throws IOException {
    List<Journal.Entry> last = journal.last(plan.key(), 1);
    if (last.isEmpty() || last.getFirst().number() < reached.number()) {
      return warning(
          "lag",
          "the agent has been further than the journal goes: its memory was lost",
          "nothing, if the journal was emptied on purpose; else see what Redis forgot, and why");
    }
    long behind = last.getFirst().number() - reached.number();
    if (behind == 0) {
      return ok("lag", "all that is recorded has been run");
    }
    List<Journal.Entry> next = journal.read(plan.key(), reached.id(), 1);
    Duration age =
        next.isEmpty() ? Duration.ZERO : Duration.between(next.getFirst().time(), Instant.now());
    String what = behind + " recorded events are not run yet, the oldest of which is of ";
    if (age.compareTo(plan.catchUp()) > 0) {
      return warning(
          "lag",
          what + age.toHours() + " h ago: older than --catch-up, so it will not be run",
          "raise --catch-up before the next start, or run what matters by events replay");
    }
    return age.compareTo(LONG) > 0
        ? warning(
            "lag",
            what + age.toMinutes() + " min ago",
            "start the agent if it is down; else see in its log which step takes so long")
        : note("lag", what + age.toSeconds() + " s ago");
  }
}
