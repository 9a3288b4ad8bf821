package org.nethserver.events.agent.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.host.Hosting;
import org.nethserver.events.agent.host.JournalPlan;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.spi.Check;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Finding.Severity;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.Transport;

/** Asks the transport itself what is wrong with it. */
final class TransportExamination implements Examination {
  private final Transport transport;
  private final Hosting hosting;
  private final Duration limit;

  TransportExamination(Transport transport, Hosting hosting, Duration limit) {
    this.transport = transport;
    this.hosting = hosting;
    this.limit = limit;
  }

  @Override
  public List<Finding> findings() {
    Optional<String> journal = hosting.journal().map(JournalPlan::key);
    List<Finding> findings = new ArrayList<>();
    if (journal.isPresent() && transport.capability(Journal.class).isEmpty()) {
      findings.add(
          Finding.problem(
              "journal",
              transport.address() + " has no journal",
              "leave --journal away, or listen to a Redis"));
      journal = Optional.empty();
    }
    Optional<Check> check = transport.capability(Check.class);
    if (check.isEmpty()) {
      findings.add(Finding.note("check", "not known: this transport cannot be examined"));
      return findings;
    }
    findings.addAll(
        check.get().examine(new Check.Wanted(List.of(Channel.PATTERN), journal, limit)));
    return findings;
  }

  /** Tells whether anything was found that keeps agents from being asked where they stand. */
  static boolean isSound(List<Finding> findings) {
    return findings.stream().noneMatch(finding -> finding.severity() == Severity.PROBLEM);
  }
}
