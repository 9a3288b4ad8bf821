package org.nethserver.events.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AgentStateTests {
  private static final Fingerprint PRINT = new Fingerprint(1, 2, 3, true);
  private static final Place FIRST = Place.parse("5-1", "e-1");
  private static final Place SECOND = Place.parse("5-2", "e-2");

  private final List<String> written = new ArrayList<>();
  private boolean grown;

  private final class Kept implements AgentState.Lines {
    @Override
    public void add(String lines) {
      written.addAll(lines.lines().toList());
    }

    @Override
    public boolean grown() {
      return grown;
    }

    @Override
    public void replace(String lines) {
      written.clear();
      add(lines);
    }
  }

  private AgentState state() {
    return new AgentState(List.copyOf(written), new Kept());
  }

  @Test
  void whatBeganAndDidNotEndIsKnownToTheNextProcess() {
    AgentState state = state();
    state.begin("runs-");
    state.started("e-1");
    state.started("e-2");
    state.ended("e-2", PRINT);

    AgentState next = state();
    assertEquals(1, next.starts("e-1"));
    assertEquals(0, next.starts("e-2"));
    assertEquals(Map.of("e-2", PRINT), next.ended());
    assertEquals(Optional.of("runs-"), next.leftovers());
  }

  @Test
  void whatTheAgentBrokeOffIsNoCrash() {
    AgentState state = state();
    state.started("e-1");
    state.started("e-1");
    state.brokenOff("e-1");
    assertEquals(1, state().starts("e-1"));
    state.brokenOff("e-1");
    assertEquals(0, state().starts("e-1"));
    assertEquals(Optional.empty(), state().leftovers());
  }

  @Test
  void cursorKeepsWhatLiesBeyond() {
    AgentState state = state();
    state.started("e-1");
    state.ended("e-1", PRINT);
    state.started("e-3");
    state.ended("e-3", PRINT);
    state.started("e-4");
    state.forget("e-1");
    state.cursor(FIRST);

    AgentState next = state();
    assertEquals(FIRST, next.cursor());
    assertEquals(Map.of("e-3", PRINT), next.ended());
    assertEquals(1, next.starts("e-4"));
    assertEquals(PRINT, next.recent("e-1"));
  }

  @Test
  void whatIsWrittenAnewSaysTheSame() {
    AgentState state = state();
    state.begin("runs-");
    state.started("e-1");
    state.ended("e-1", PRINT);
    state.forget("e-1");
    state.cursor(FIRST);
    state.setAside(new AgentState.Dead("e-2", "5-2", "module/a1/event/b"));
    state.started("e-3");
    state.ended("e-3", PRINT);
    state.started("e-4");
    state.started("e-4");
    int before = written.size();
    grown = true;
    state.cursor(SECOND);

    assertTrue(written.size() < before, written.toString());
    AgentState next = state();
    assertEquals(List.of(SECOND, FIRST), next.passed());
    assertEquals(Map.of("e-3", PRINT), next.ended());
    assertEquals(PRINT, next.recent("e-1"));
    assertEquals(2, next.starts("e-4"));
    assertEquals(Optional.of("runs-"), next.leftovers());
    assertEquals(state.dead(), next.dead());
  }

  @Test
  void linesThatAreTornOrUnknownArePassedOver() {
    written.addAll(
        List.of(
            "P runs-",
            "S e-1 1",
            "",
            "S",
            "S e-2",
            "S e-2 x",
            "E e-1",
            "E e-1 1-2",
            "C 5-1",
            "C 5-1 nonsense",
            "D e-3 5-3",
            "Q from another version",
            "S e-4 1",
            "C 5-"));
    AgentState state = state();
    assertNull(state.cursor());
    assertEquals(1, state.starts("e-1"));
    assertEquals(0, state.starts("e-2"));
    assertEquals(1, state.starts("e-4"));
    assertEquals(Map.of(), state.ended());
    assertEquals(List.of(), state.dead());
  }

  @Test
  void whatIsSetAsideStaysSoBeyondTheCursor() {
    AgentState state = state();
    state.started("e-2");
    state.started("e-2");
    state.setAside(new AgentState.Dead("e-2", "5-2", "module/a1/event/b"));
    state.cursor(FIRST);

    AgentState next = state();
    assertEquals(0, next.starts("e-2"));
    assertTrue(next.isDead("e-2", "5-2"));
    assertFalse(next.isDead("e-2", "6-2"), "another journal's entry of that position");
    assertTrue(next.takeUp("e-2"));
    assertFalse(next.takeUp("e-2"));
    assertEquals(List.of(), state().dead());
  }

  /** Else it would be given again, and run, though somebody has dropped it. */
  @Test
  void whatIsNoMoreSetAsideIsRememberedUpToTheCursor() {
    AgentState state = state();
    state.cursor(FIRST);
    state.setAside(new AgentState.Dead("e-2", "5-2", "m/event/a"));
    assertTrue(state.takeUp("e-2"));

    AgentState next = state();
    assertEquals(List.of(), next.dead());
    assertTrue(next.isDead("e-2", "5-2"));
    grown = true;
    next.cursor(FIRST);
    assertTrue(state().isDead("e-2", "5-2"), "written anew: " + written);
    next.cursor(SECOND);
    assertFalse(state().isDead("e-2", "5-2"), written.toString());
  }

  @Test
  void thereIsNoEndToCursorsAndYetOfMemory() {
    AgentState state = state();
    for (int i = 1; i <= 2_000; i++) {
      state.ended("e-" + i, PRINT);
      state.forget("e-" + i);
      state.cursor(Place.parse("5-" + i, "e-" + i));
    }
    grown = true;
    state.cursor(Place.parse("5-2001", "e-2001"));

    assertTrue(written.size() <= 1_256, written.size() + " lines");
    AgentState next = state();
    assertEquals(256, next.passed().size());
    assertNotNull(next.recent("e-2000"));
    assertNull(next.recent("e-1000"));
  }
}
