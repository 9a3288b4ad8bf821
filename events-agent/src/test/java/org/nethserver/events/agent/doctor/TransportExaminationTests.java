package org.nethserver.events.agent.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nethserver.events.agent.host.Hosting;
import org.nethserver.events.agent.host.JournalPlan;
import org.nethserver.events.agent.host.StateDirectories;
import org.nethserver.events.api.spi.Check;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportSettings;

final class TransportExaminationTests {
  private static final Duration LIMIT = Duration.ofSeconds(4);

  private static Hosting hosting(boolean journal) {
    return new Hosting(
        List.of(),
        new TransportSettings(URI.create("odd://x"), "x", Optional.empty()),
        journal
            ? Optional.of(
                new JournalPlan("key", Duration.ofHours(1), new StateDirectories(Path.of("/s"))))
            : Optional.empty(),
        1);
  }

  /** A plugin's transport that knows nothing of doctors. */
  private static class Plain implements Transport {
    @Override
    public String address() {
      return "odd://x";
    }

    @Override
    public void subscribe(List<String> patterns, EventSink sink) {
      throw new AssertionError("the doctor does not listen for events");
    }

    @Override
    public void close() {}
  }

  /** One that does. */
  private static final class Checked extends Plain implements Check {
    final List<Wanted> asked = new ArrayList<>();

    @Override
    public List<Finding> examine(Wanted wanted) {
      asked.add(wanted);
      return List.of(Finding.problem("link", "is down", "mend it"));
    }
  }

  @Test
  void transportSaysItself() {
    Checked transport = new Checked();
    assertEquals(
        List.of(Finding.problem("link", "is down", "mend it")),
        new TransportExamination(transport, hosting(false), LIMIT).findings());
    assertEquals(
        List.of(new Check.Wanted(List.of("*/event/*"), Optional.empty(), LIMIT)), transport.asked);
  }

  @Test
  void transportThatCannotSayIsANote() {
    assertEquals(
        List.of(Finding.note("check", "not known: this transport cannot be examined")),
        new TransportExamination(new Plain(), hosting(false), LIMIT).findings());
  }

  @Test
  void journalThatATransportDoesNotHaveIsAProblem() {
    List<Finding> findings = new TransportExamination(new Plain(), hosting(true), LIMIT).findings();
    assertEquals(
        Finding.problem(
            "journal", "odd://x has no journal", "leave --journal away, or listen to a Redis"),
        findings.getFirst());
    assertFalse(TransportExamination.isSound(findings));
    assertTrue(TransportExamination.isSound(List.of(Finding.warning("a", "b", "c"))));
  }
}
