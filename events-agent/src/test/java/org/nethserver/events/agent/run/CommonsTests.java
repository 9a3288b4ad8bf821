package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;

@Timeout(60)
final class CommonsTests {
  private static final Limits ROOMY =
      new Limits(32, Limits.DEFAULT.queue(), Limits.Ordering.CHANNEL, Duration.ZERO);

  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  /** An agent with one step for each event. */
  private final class Agent {
    final FakeSource source = new FakeSource("/steps").runs("user-created", "10first");
    final Recorder log = new Recorder();
    final HostedAgent hosted;

    Agent(String id, Commons commons) {
      this.hosted =
          stage.ask(() -> new HostedAgent(id, context(ROOMY), steps(source), commons, () -> {}));
    }

    RunContext context(Limits limits) {
      return new RunContext(
          stage.dispatcher,
          log,
          limits,
          new AgentEnvironment(Stage.DIRECTORY, Variables.NONE),
          new UniqueIds());
    }

    StepResolver steps(FakeSource of) {
      return new StepResolver(List.of(of), (_, e) -> stage.failures.add(e));
    }

    void offer(Event event) {
      stage.dispatcher.execute(() -> hosted.offer(event));
    }

    void offer(int channel, int count) {
      for (int i = 0; i < count; i++) {
        offer(event(channel, channel + "-" + i, "{}"));
      }
    }

    int started() {
      stage.settle();
      return source.unseen();
    }
  }

  private static Event event(int channel, String id, String payload) {
    return new Event(
        id,
        Channel.parse("module/m" + channel + "/event/user-created"),
        Payload.of(payload),
        Instant.EPOCH);
  }

  @Test
  void floodOfSlowRunsLeavesEveryOtherAgentItsPlaces() throws InterruptedException {
    Commons commons = new Commons(8, Limits.DEFAULT.queue());
    Agent flooded = new Agent("a", commons);
    Agent quiet = new Agent("b", commons);
    for (int channel = 0; channel < 50; channel++) {
      flooded.offer(channel, 5);
    }
    assertEquals(6, flooded.started(), "half of the places and its part of the other half");
    quiet.offer(1, 1);
    quiet.offer(2, 1);
    assertEquals(2, quiet.started(), "it waits for the other agent's slow steps");
  }

  @Test
  void agentsThatWaitForAPlaceTakeTurns() throws InterruptedException {
    Commons commons = new Commons(4, Limits.DEFAULT.queue());
    Agent first = new Agent("a", commons);
    Agent second = new Agent("b", commons);
    for (int channel = 0; channel < 6; channel++) {
      first.offer(channel, 1);
    }
    assertEquals(3, first.started(), "half of the places and its part of the other half");
    for (int channel = 0; channel < 6; channel++) {
      second.offer(channel, 1);
    }
    assertEquals(1, second.started());
    List<FakeStep> running = new ArrayList<>();
    while (first.source.unseen() > 0) {
      running.add(first.source.started());
    }
    running.removeFirst().complete();
    running.removeFirst().complete();
    stage.settle();
    assertEquals(1, first.source.unseen());
    assertEquals(1 + 1, second.source.unseen());
  }

  @Test
  void fullQueueOfOneAgentRejectsNothingOfAnother() throws InterruptedException {
    Commons commons = new Commons(2, new Limits.Queue(8, 1 << 20));
    Agent flooded = new Agent("a", commons);
    Agent quiet = new Agent("b", commons);
    flooded.offer(1, 100);
    stage.settle();
    assertEquals(100 - 1 - 6, flooded.log.rejected.size());
    quiet.offer(1, 3);
    stage.settle();
    assertEquals(0, quiet.log.rejected.size());
  }

  @Test
  void payloadThatManyAgentsWaitWithCountsOnce() throws InterruptedException {
    Commons commons = new Commons(64, new Limits.Queue(1000, 1000));
    List<Agent> agents = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      agents.add(new Agent("a" + i, commons));
    }
    for (Agent agent : agents) {
      agent.offer(event(1, "runs", "{}"));
    }
    // Nine tenths of the common half: for each of 20 agents it would be eighteen times the whole.
    Event large = event(1, "waits", " ".repeat(450));
    agents.forEach(agent -> agent.offer(large));
    stage.settle();
    for (Agent agent : agents) {
      assertEquals(0, agent.log.rejected.size(), agent.hosted.id());
    }
    // Paid for as long as one of them waits with it, and then no more.
    Event next = event(2, "runs", "{}");
    Event another = event(2, "next", " ".repeat(450));
    agents.getLast().offer(next);
    agents.getLast().offer(another);
    stage.settle();
    assertEquals(1, agents.getLast().log.rejected.size());
    for (Agent agent : agents) {
      agent.source.started().complete();
    }
    stage.settle();
    agents.getFirst().offer(event(1, "more", " ".repeat(450)));
    stage.settle();
    assertEquals(0, agents.getFirst().log.rejected.size());
  }

  @Test
  void swapKeepsTheOrderOfAChannelAndRunsEachEventOnce() throws InterruptedException {
    Agent agent = new Agent("a", new Commons(8, Limits.DEFAULT.queue()));
    agent.offer(1, 3);
    FakeStep running = agent.source.started();
    FakeSource later = new FakeSource("/later").runs("user-created", "10first");
    List<String> retired = new ArrayList<>();
    stage.ask(
        () -> {
          agent
              .hosted
              .swap(agent.context(ROOMY), agent.steps(later))
              .retire(() -> retired.add("retired"));
          return true;
        });
    agent.offer(event(1, "1-3", "{}"));
    stage.settle();
    assertEquals(0, later.unseen(), "a channel's events run side by side");
    assertEquals(List.of(), retired, "what runs lost its steps");
    assertEquals("1-0", running.event().id());
    running.complete();
    for (String expected : List.of("1-1", "1-2", "1-3")) {
      FakeStep step = later.started();
      assertEquals(expected, step.event().id());
      step.complete();
    }
    stage.settle();
    assertEquals(List.of("retired"), retired);
    assertEquals(0, agent.source.unseen() + later.unseen());
  }

  @Test
  void morePlacesBySwapAreUsedAtOnce() throws InterruptedException {
    Agent agent = new Agent("a", new Commons(8, Limits.DEFAULT.queue()));
    Limits one = new Limits(1, Limits.DEFAULT.queue(), Limits.Ordering.CHANNEL, Duration.ZERO);
    stage.ask(() -> agent.hosted.swap(agent.context(one), agent.steps(agent.source)));
    agent.offer(1, 1);
    agent.offer(2, 1);
    assertEquals(1, agent.started());
    stage.ask(() -> agent.hosted.swap(agent.context(ROOMY), agent.steps(agent.source)));
    assertEquals(2, agent.started());
  }

  @Test
  void stoppedAgentLetsGoOfWhatItWaitedWith() throws InterruptedException {
    Commons commons = new Commons(4, new Limits.Queue(4, 1000));
    Agent stopped = new Agent("a", commons);
    Agent other = new Agent("b", commons);
    stopped.offer(1, 4);
    FakeStep running = stopped.source.started();
    stage.dispatcher.execute(() -> stopped.hosted.stop(Duration.ZERO));
    running.end(new Outcome.Killed(9));
    stage.settle();
    stage.dispatcher.execute(stopped.hosted::leave);
    other.offer(1, 1 + 4);
    stage.settle();
    assertEquals(0, other.log.rejected.size());
  }
}
