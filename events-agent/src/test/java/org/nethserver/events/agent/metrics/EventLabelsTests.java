package org.nethserver.events.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class EventLabelsTests {
  @Test
  void namesBeyondTheBoundShareALabelAndKnownOnesKeepTheirs() {
    EventLabels labels = new EventLabels(2);
    assertEquals("a", labels.label("a"));
    assertEquals("b", labels.label("b"));
    assertEquals("other", labels.label("c"));
    assertEquals("a", labels.label("a"));
  }
}
