package org.nethserver.events.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.FakeSource;
import org.nethserver.events.agent.run.FakeStep;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepListener.Stream;
import org.nethserver.events.api.spi.StepSource;
import org.nethserver.events.api.spi.TransportSettings;

@Timeout(60)
final class HostTests {
  private static final String CHANNEL = "cluster/event/user-created";

  private final FakeSource source = new FakeSource("/steps").runs("user-created", "10first");
  private final FakeTransport transport = new FakeTransport();
  private final FakeServices services = new FakeServices(_ -> List.of(source), transport);
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final Host host = host("fake://here");

  @AfterEach
  void close() {
    services.close();
    host.close();
  }

  private Host host(String address) {
    return new Host(
        Host.Plan.of(
            plan(), new TransportSettings(URI.create(address), "module/a1", Optional.empty())),
        plan -> new Runs(),
        new Reports(),
        new Counters());
  }

  private static AgentPlan plan() {
    return new AgentPlan(
        new AgentSettings("module/a1", List.of(), Trust.OWNER),
        List.of(),
        Limits.DEFAULT,
        Path.of("/nowhere"),
        Variables.NONE);
  }

  private String next() throws InterruptedException {
    String next = told.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing more was told within 20 s");
    }
    return next;
  }

  @Nested
  final class Life {
    @Test
    void subscribesToAllEventsAndTellsWhenThatIsConfirmed() throws InterruptedException {
      assertEquals(List.of(), transport.calls, "something happened before the start");
      host.start();
      assertEquals(List.of("subscribe */event/*"), transport.calls);
      transport.sink().subscribed();
      assertEquals("ready", next());
      assertEquals("fake://here", host.address());
      assertEquals(List.of("module/a1"), host.agents().stream().map(HostedAgent::id).toList());
    }

    @Test
    void eventThatCameRunsItsSteps() throws InterruptedException {
      host.start();
      transport.bring(CHANNEL, "{}");
      source.started().complete();
      assertEquals(CHANNEL + " completed", next());
      transport.bring("no channel of events", "{}");
      assertEquals("refused no channel of events", next());
      assertEquals(2, host.counters().received.get());
    }

    @Test
    void closeFreesEachPartOnce() {
      host.start();
      host.close();
      host.close();
      assertEquals(List.of("subscribe */event/*", "close"), transport.calls);
      assertTrue(source.closed);
    }

    @Test
    void planThatCannotWorkLeavesNothingOpen() {
      FakeSource opened = source;
      String message =
          assertThrows(IllegalArgumentException.class, () -> host("other://here")).getMessage();
      assertEquals("no transport for \"other://\" in other://here; there is one for fake", message);
      assertTrue(opened.closed, "the sources are left open");
    }
  }

  @Nested
  final class Sources {
    private final AgentSettings settings = new AgentSettings("module/a1", List.of(), Trust.OWNER);
    private final FakeSource first = new FakeSource("/first");
    private final FakeSource second = new FakeSource("/second");

    private AgentSteps open() {
      AgentPlan plan =
          new AgentPlan(settings, List.of(), Limits.DEFAULT, Path.of("/tmp"), Variables.NONE);
      return new AgentSteps(plan, new Counters(), new Unheard());
    }

    @Test
    void areClosedAgainWhenALaterProviderCannotOpenItsOwn() {
      Error broken = new LinkageError("broken");
      try (FakeServices _ =
          new FakeServices(
              _ -> List.of(first, second),
              _ -> {
                throw broken;
              },
              transport)) {
        assertSame(broken, assertThrows(LinkageError.class, this::open));
      }
      assertTrue(first.closed && second.closed, "opened sources are left open");
    }

    @Test
    void thatCannotEvenBeClosedDoNotHideWhatFailedFirst() {
      IllegalArgumentException broken = new IllegalArgumentException("no such directory");
      IllegalStateException stuck = new IllegalStateException("stuck");
      second.onClose =
          () -> {
            throw stuck;
          };
      try (FakeServices _ =
          new FakeServices(
              _ -> List.of(first, second),
              _ -> {
                throw broken;
              },
              transport)) {
        assertSame(broken, assertThrows(IllegalArgumentException.class, this::open));
      }
      assertSame(stuck, broken.getSuppressed()[0]);
      assertTrue(first.closed);
    }
  }

  @Nested
  final class Drain {
    @Test
    void finishesWhatRunsAndWaits() throws InterruptedException {
      host.start();
      transport.bring(CHANNEL, "1");
      transport.bring(CHANNEL, "2");
      FakeStep first = source.started();
      host.drain();
      assertEquals("close", transport.calls.getLast());
      assertTrue(first.event().payload().text().equals("1") && told.isEmpty());
      first.complete();
      assertEquals(CHANNEL + " completed", next());
      source.started().complete();
      assertEquals(CHANNEL + " completed", next());
      assertEquals("stopped", next());
    }

    @Test
    void ofAnIdleHostStopsItAtOnceAndOnce() throws InterruptedException {
      host.start();
      host.drain();
      host.drain();
      host.stop(Duration.ZERO);
      assertEquals("stopped", next());
      settle();
      assertTrue(told.isEmpty(), told::toString);
    }

    @Test
    void beforeTheStartIsNotForgotten() throws InterruptedException {
      host.drain();
      host.start();
      assertEquals("stopped", next());
      assertFalse(
          transport.calls.stream().anyMatch(call -> call.startsWith("subscribe")),
          "it subscribed after the transport's end");
    }
  }

  @Nested
  final class Stop {
    @Test
    void endsWhatRunsAndForgetsWhatWaits() throws InterruptedException {
      host.start();
      transport.bring(CHANNEL, "1");
      transport.bring(CHANNEL, "2");
      FakeStep first = source.started();
      host.stop(Duration.ofMillis(800));
      assertEquals(Duration.ofMillis(800), first.stopped());
      assertEquals("close", transport.calls.getLast());
      host.stop(Duration.ZERO);
      assertEquals(Duration.ZERO, first.stopped());
      first.end(new Outcome.Killed(15));
      assertEquals(CHANNEL + " stopped", next());
      assertEquals("stopped", next());
      assertEquals(0, source.unseen());
    }

    @Test
    void endsADrain() throws InterruptedException {
      host.start();
      transport.bring(CHANNEL, "1");
      FakeStep first = source.started();
      host.drain();
      host.stop(Duration.ofSeconds(1));
      assertEquals(Duration.ofSeconds(1), first.stopped());
      first.end(new Outcome.Killed(15));
      assertEquals(CHANNEL + " stopped", next());
      assertEquals("stopped", next());
    }

    @Test
    void asALastResortKillsWhatRunsWithoutAnyThreadOfTheHost() throws InterruptedException {
      host.start();
      transport.bring(CHANNEL, "1");
      FakeStep first = source.started();
      CountDownLatch stuck = new CountDownLatch(1);
      CountDownLatch over = new CountDownLatch(1);
      host.execute(
          () -> {
            stuck.countDown();
            awaitQuietly(over);
          });
      // From here on the step has been started wholly, and the dispatch thread does nothing.
      assertTrue(stuck.await(20, TimeUnit.SECONDS));
      try {
        host.kill();
        assertEquals(Duration.ZERO, first.stopped());
      } finally {
        over.countDown();
      }
    }

    @Test
    void beforeTheStartEndsItTooAndSubscribesToNothing() throws InterruptedException {
      host.stop(Duration.ZERO);
      host.start();
      assertEquals("stopped", next());
      assertEquals(List.of("close"), transport.calls);
      settle();
      assertTrue(told.isEmpty(), told::toString);
    }
  }

  @Nested
  final class Answers {
    @Test
    void comeFromTheTransportTheSourcesAndTheDispatchThread() throws InterruptedException {
      host.start();
      CountDownLatch answered = new CountDownLatch(1);
      String[] thread = new String[1];
      host.answer(
          () -> {
            thread[0] = Thread.currentThread().getName();
            answered.countDown();
          });
      assertTrue(answered.await(20, TimeUnit.SECONDS), "no answer within 20 s");
      assertEquals("dispatch", thread[0]);
      assertEquals("dispatch", source.answeredOn, "the SPI promises this thread to sources");
      assertTrue(transport.calls.contains("answer"));
    }

    @Test
    void comeWithoutTheTransportWhileItDrains() throws InterruptedException {
      host.start();
      transport.bring(CHANNEL, "1");
      FakeStep first = source.started();
      host.drain();
      CountDownLatch answered = new CountDownLatch(1);
      host.answer(answered::countDown);
      assertTrue(answered.await(20, TimeUnit.SECONDS), "no answer within 20 s");
      assertFalse(transport.calls.contains("answer"), "a closed transport was asked");
      first.complete();
      assertEquals(CHANNEL + " completed", next());
    }

    @Test
    void areNotKeptBackByASourceThatThrows() throws InterruptedException {
      host.start();
      source.failure = new IllegalStateException("broken");
      CountDownLatch answered = new CountDownLatch(1);
      host.answer(answered::countDown);
      assertTrue(answered.await(20, TimeUnit.SECONDS), "no answer within 20 s");
      assertEquals("/steps failed: java.lang.IllegalStateException: broken", next());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void settle() throws InterruptedException {
    CountDownLatch settled = new CountDownLatch(1);
    host.execute(settled::countDown);
    assertTrue(settled.await(20, TimeUnit.SECONDS));
  }

  private final class Runs implements RunListener {
    @Override
    public void stepStarted(StepWatch step) {}

    @Override
    public void output(StepWatch step, Stream stream, byte[] line) {}

    @Override
    public void stepEnded(StepWatch step, Outcome outcome) {}

    @Override
    public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
      told.add(event.channel() + " " + outcome.status());
    }

    @Override
    public void environmentMissing(Event event, String why) {}

    @Override
    public void rejected(Event event) {
      told.add("rejected");
    }
  }

  private final class Reports implements Host.Listener {
    @Override
    public void ready() {
      told.add("ready");
    }

    @Override
    public void restored(Duration gap) {
      told.add("restored");
    }

    @Override
    public void unavailable(String why) {
      told.add(why);
    }

    @Override
    public void refused(byte[] channel, String why) {
      told.add("refused " + new String(channel, StandardCharsets.UTF_8));
    }

    @Override
    public void dropped(byte[] channel) {
      told.add("dropped");
    }

    @Override
    public void hosted(String agent, PluginReport plugins) {
      told.add("hosted " + agent);
    }

    @Override
    public void notHosted(String agent, String why) {
      told.add("not hosted " + agent + ": " + why);
    }

    @Override
    public void plugin(String agent, String problem) {
      told.add(problem);
    }

    @Override
    public void reloaded(String agent, List<String> changes) {
      told.add("reloaded " + changes);
    }

    @Override
    public void failed(String what, Throwable failure) {
      told.add(what + " failed: " + failure);
    }

    @Override
    public void said(String agent, Priority priority, String line) {
      told.add(agent + " says " + line);
    }

    @Override
    public void stopped() {
      told.add("stopped");
    }
  }

  /** What this test is not about. */
  private static final class Unheard implements AgentSteps.Listener {
    @Override
    public void sourceFailed(StepSource source, Throwable failure) {}

    @Override
    public void said(Priority priority, String line) {}

    @Override
    public void problem(PluginProblem problem) {}

    @Override
    public void stuck(String why) {}

    @Override
    public void failed(Throwable failure) {}
  }
}
