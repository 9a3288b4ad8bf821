package org.nethserver.events.agent.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.spi.LookUp;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepSource;

@Timeout(60)
final class IntakeTests {
  private static final String CHANNEL = "cluster/event/user-created";

  private final Stage stage = new Stage();
  private final Counters counters = new Counters();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<Integer> dropped = new CopyOnWriteArrayList<>();
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void close() {
    goOn.countDown();
    stage.close();
  }

  private Intake intake(int events, long bytes) {
    return intake(events, bytes, List.of());
  }

  private Intake intake(int events, long bytes, List<HostedAgent> agents) {
    Router router =
        new Router(
            agents,
            counters,
            Clock.systemUTC(),
            () -> "id",
            new Router.Refusals() {
              @Override
              public void refused(byte[] channel, String why) {
                told.add("refused " + new String(channel, UTF_8));
              }

              @Override
              public void dropped(byte[] channel) {
                told.add("dropped " + new String(channel, UTF_8));
                dropped.add(channel.length);
              }
            });
    Subscription subscription =
        new Subscription(
            new Subscription.Listener() {
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
            },
            counters,
            System::nanoTime);
    return new Intake(
        stage.dispatcher, router, subscription, new Limits.Queue(events, bytes), counters);
  }

  /** Keeps the dispatch thread busy until {@link #goOn}. */
  private void block() throws InterruptedException {
    CountDownLatch blocked = new CountDownLatch(1);
    stage.dispatcher.execute(
        () -> {
          blocked.countDown();
          try {
            assertTrue(goOn.await(20, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertTrue(blocked.await(20, TimeUnit.SECONDS));
  }

  private static void receive(Intake intake, String channel, int size) {
    intake.received(channel.getBytes(UTF_8), new byte[size]);
  }

  @Test
  void messagesThatWaitTogetherAreLookedUpAtOneMomentAfterTheLastCame()
      throws InterruptedException {
    List<LookUp> lookUps = new CopyOnWriteArrayList<>();
    StepSource source =
        new StepSource() {
          @Override
          public String origin() {
            return "/recording";
          }

          @Override
          public List<StepEntry> entries(EventName event) {
            throw new AssertionError("the agent asks by a look-up");
          }

          @Override
          public List<StepEntry> entries(LookUp lookUp) {
            lookUps.add(lookUp);
            return List.of();
          }

          @Override
          public void close() {}
        };
    StepResolver steps = new StepResolver(List.of(source), (_, e) -> stage.failures.add(e));
    HostedAgent agent = new HostedAgent("module/a", stage.context, steps, () -> {});
    Intake intake = intake(100, 1000, List.of(agent));
    block();
    receive(intake, "cluster/event/a-changed", 1);
    receive(intake, "cluster/event/b-changed", 1);
    goOn.countDown();
    stage.settle();
    receive(intake, "cluster/event/c-changed", 1);
    stage.settle();
    assertEquals(
        List.of("a-changed", "b-changed", "c-changed"),
        lookUps.stream().map(lookUp -> lookUp.event().text()).toList());
    assertSame(lookUps.get(0).moment(), lookUps.get(1).moment());
    assertNotSame(lookUps.get(1).moment(), lookUps.get(2).moment());
  }

  @Test
  void messagesAndChangesAreHandledInTheOrderOfArrival() throws InterruptedException {
    Intake intake = intake(100, 1000);
    block();
    intake.subscribed();
    receive(intake, "first", 1);
    intake.unavailable("closed");
    receive(intake, "second", 1);
    intake.subscribed();
    assertEquals(List.of(), told, "the transport's thread did what is the dispatch thread's");
    goOn.countDown();
    stage.settle();
    assertEquals(List.of("ready", "refused first", "closed", "refused second", "restored"), told);
    assertEquals(2, counters.received.get());
    assertEquals(2, counters.refused.get());
  }

  @Test
  void onlyTheMessageBeyondTheBoundOfEventsIsDropped() throws InterruptedException {
    Intake intake = intake(2, 1000);
    block();
    for (String channel : List.of("a", "b", "c")) {
      receive(intake, channel, 0);
    }
    goOn.countDown();
    stage.settle();
    assertEquals(List.of("refused a", "refused b", "dropped c"), told);
    assertEquals(3, counters.received.get());
    assertEquals(1, counters.rejected.get());
  }

  @Test
  void channelsAndPayloadsCountAsBytes() throws InterruptedException {
    Intake intake = intake(100, 20);
    block();
    receive(intake, "a", 9);
    receive(intake, "b".repeat(10), 0);
    receive(intake, "c", 0);
    goOn.countDown();
    stage.settle();
    assertEquals(List.of("refused a", "refused bbbbbbbbbb", "dropped c"), told);
  }

  @Test
  void whatWasHandledMakesRoomAgain() {
    Intake intake = intake(1, 10);
    for (int i = 0; i < 1000; i++) {
      receive(intake, "a", 9);
      stage.settle();
    }
    assertEquals(1000, counters.refused.get());
    assertEquals(0, counters.rejected.get());
  }

  @Test
  void floodOfDroppedMessagesIsCountedWhereItIsTooLongToTell() throws InterruptedException {
    Intake intake = intake(3, 1000);
    block();
    for (int i = 0; i < 100; i++) {
      receive(intake, CHANNEL, 0);
    }
    goOn.countDown();
    stage.settle();
    assertEquals(97, counters.rejected.get());
    assertEquals(3, dropped.size(), "as many are told as may wait");
    receive(intake, "x", 2000);
    stage.settle();
    assertEquals(4, dropped.size(), "what was told makes room again");
  }

  @Test
  void hugeChannelIsNotKeptToTellThatItWasDropped() throws InterruptedException {
    Intake intake = intake(3, 1000);
    block();
    receive(intake, "x".repeat(1 << 20), 0);
    goOn.countDown();
    stage.settle();
    assertEquals(1, dropped.size());
    assertTrue(dropped.getFirst() <= 1024, dropped::toString);
  }

  @Test
  void countersTellInWords() {
    counters.received.set(5);
    counters.refused.set(1);
    counters.rejected.set(2);
    counters.gaps.set(3);
    counters.runs.set(4);
    counters.failed.set(6);
    assertEquals(
        "5 events received, 1 refused, 2 rejected, 3 gaps; 4 runs, 6 failed", counters.summary());
  }
}
