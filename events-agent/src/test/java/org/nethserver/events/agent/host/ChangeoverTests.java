package org.nethserver.events.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.FakeSource;
import org.nethserver.events.agent.run.FakeStep;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.StepSource;
import org.nethserver.events.api.spi.TransportSettings;

/** Agents that come, change and go while events do. */
@Timeout(60)
final class ChangeoverTests {
  private static final String CHANNEL = "cluster/event/user-created";

  private final FakeTransport transport = new FakeTransport();
  private final Told told = new Told();

  /** What was opened for each agent, the latest last. */
  private final Map<String, List<FakeSource>> opened = new ConcurrentHashMap<>();

  private final FakeServices services = new FakeServices(this::open, transport);
  private final Host host =
      new Host(
          new Host.Plan(
              List.of(),
              new TransportSettings(URI.create("fake://here"), "events", Optional.empty()),
              64,
              Limits.DEFAULT.queue(),
              Optional.empty()),
          plan -> told.runs(plan.id()),
          told,
          new Counters());

  private List<StepSource> open(AgentSettings agent) {
    if (agent.id().startsWith("bad")) {
      throw new IllegalArgumentException("it cannot work");
    }
    FakeSource source = new FakeSource("/" + agent.id()).runs("user-created", "10first");
    opened.computeIfAbsent(agent.id(), _ -> new ArrayList<>()).add(source);
    return List.of(source);
  }

  @BeforeEach
  void start() {
    host.start();
  }

  @AfterEach
  void close() {
    services.close();
    host.close();
  }

  private static AgentPlan plan(String id, int places) {
    return new AgentPlan(
        new AgentSettings(id, List.of(), Trust.OWNER),
        List.of(),
        new Limits(places, Limits.DEFAULT.queue(), Limits.Ordering.CHANNEL, Duration.ZERO),
        Path.of("/nowhere"),
        Variables.NONE.with("A", "b"));
  }

  private FakeSource latest(String id) {
    return opened.get(id).getLast();
  }

  private List<String> hosted() throws InterruptedException {
    settle();
    return host.agents().stream().map(HostedAgent::id).toList();
  }

  private void settle() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      CountDownLatch settled = new CountDownLatch(1);
      host.execute(settled::countDown);
      assertTrue(settled.await(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void eventReachesEachAgent() throws InterruptedException {
    host.host(List.of(plan("a", 1), plan("b", 1)));
    transport.bring(CHANNEL, "1");
    FakeStep first = latest("a").started();
    FakeStep second = latest("b").started();
    assertEquals(first.event().id(), second.event().id());
    first.complete();
    assertEquals("a: " + CHANNEL + " completed", told.nextRun());
  }

  @Test
  void agentThatIsNoDifferentIsNotTouched() throws InterruptedException {
    host.host(List.of(plan("a", 1), plan("b", 1)));
    assertEquals(List.of("b changed"), host.host(List.of(plan("a", 1), plan("b", 2))));
    assertEquals(List.of(), host.host(List.of(plan("a", 1), plan("b", 2))));
    settle();
    assertEquals(1, opened.get("a").size());
    assertEquals(2, opened.get("b").size());
  }

  @Test
  void changedAgentEndsWhatRunsAndLosesOrDoublesNothing() throws InterruptedException {
    host.host(List.of(plan("a", 1)));
    transport.bring(CHANNEL, "1");
    transport.bring(CHANNEL, "2");
    FakeSource before = latest("a");
    FakeStep running = before.started();
    host.host(List.of(plan("a", 2)));
    transport.bring(CHANNEL, "3");
    settle();
    assertFalse(before.closed, "its steps are gone while one runs");
    running.complete();
    for (String expected : List.of("2", "3")) {
      FakeStep step = latest("a").started();
      assertEquals(expected, step.event().payload().text());
      step.complete();
    }
    assertEquals("a: " + CHANNEL + " completed", told.nextRun());
    assertEquals("a: " + CHANNEL + " completed", told.nextRun());
    assertEquals("a: " + CHANNEL + " completed", told.nextRun());
    settle();
    assertEquals(0, before.unseen() + latest("a").unseen());
    told.await(() -> before.closed, "the replaced steps are closed");
  }

  @Test
  void removedAgentEndsWhatItHasAndGetsNoMore() throws InterruptedException {
    host.host(List.of(plan("a", 1), plan("b", 1)));
    transport.bring(CHANNEL, "1");
    transport.bring(CHANNEL, "2");
    FakeStep running = latest("a").started();
    assertEquals(List.of("a removed"), host.host(List.of(plan("b", 1))));
    transport.bring(CHANNEL, "3");
    assertEquals(List.of("a", "b"), hosted(), "it has something to end");
    running.complete();
    FakeStep waited = latest("a").started();
    assertEquals("2", waited.event().payload().text());
    waited.complete();
    told.await(() -> latest("a").closed, "the removed agent is closed");
    assertEquals(List.of("b"), hosted());
    assertEquals(0, latest("a").unseen());
  }

  @Test
  void agentThatComesBackKeepsTheOrderOfWhatItHasToEnd() throws InterruptedException {
    host.host(List.of(plan("a", 32)));
    transport.bring(CHANNEL, "1");
    FakeSource before = latest("a");
    FakeStep running = before.started();
    host.host(List.of());
    host.host(List.of(plan("a", 32)));
    transport.bring(CHANNEL, "2");
    settle();
    assertEquals(0, latest("a").unseen(), "events of a channel run side by side");
    running.complete();
    assertEquals("2", latest("a").started().event().payload().text());
    assertEquals(List.of("a"), hosted());
  }

  @Test
  void agentThatCannotBeHostedConcernsNoOther() throws InterruptedException {
    List<AgentPlan> plans = List.of(plan("bad", 1), plan("a", 1));
    host.host(plans);
    assertEquals(List.of("a"), hosted());
    assertEquals("not hosted bad: it cannot work", told.next());
    transport.bring(CHANNEL, "1");
    assertEquals("1", latest("a").started().event().payload().text());
    assertEquals(List.of("bad changed"), host.host(plans), "it is tried again");
  }

  @Test
  void stopEndsWhatAgentsThatAreLeavingRun() throws InterruptedException {
    host.host(List.of(plan("a", 1)));
    transport.bring(CHANNEL, "1");
    FakeStep running = latest("a").started();
    host.host(List.of());
    host.stop(Duration.ofMillis(800));
    assertEquals(Duration.ofMillis(800), running.stopped());
    running.complete();
    assertEquals("stopped", told.nextEnd());
  }

  @Test
  void drainWaitsForAgentsThatAreLeaving() throws InterruptedException {
    host.host(List.of(plan("a", 1)));
    transport.bring(CHANNEL, "1");
    FakeStep running = latest("a").started();
    host.host(List.of());
    host.drain();
    settle();
    assertFalse(told.hasEnded(), "the host has stopped while a step runs");
    running.complete();
    assertEquals("stopped", told.nextEnd());
  }
}
