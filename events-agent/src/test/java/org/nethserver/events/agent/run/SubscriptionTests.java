package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SubscriptionTests {
  private final List<String> told = new ArrayList<>();
  private final Counters counters = new Counters();
  private long now = Long.MAX_VALUE - 5; // a clock of nanoseconds may overflow
  private final Subscription subscription =
      new Subscription(
          new Subscription.Listener() {
            @Override
            public void ready() {
              told.add("ready");
            }

            @Override
            public void restored(Duration gap) {
              told.add("restored after " + gap);
            }

            @Override
            public void unavailable(String why) {
              told.add(why);
            }
          },
          counters,
          () -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void firstSubscriptionIsNoGap() {
    subscription.unavailable("refused");
    pass(Duration.ofSeconds(3));
    subscription.subscribed();
    assertEquals(List.of("refused", "ready"), told);
    assertEquals(0, counters.gaps.get());
  }

  @Test
  void eachReasonIsToldOnceUntilItChanges() {
    subscription.unavailable("refused");
    subscription.unavailable("refused");
    subscription.unavailable("wrong password");
    subscription.unavailable("wrong password");
    subscription.unavailable("refused");
    assertEquals(List.of("refused", "wrong password", "refused"), told);
  }

  @Test
  void reasonIsToldAgainAfterASubscription() {
    subscription.unavailable("refused");
    subscription.subscribed();
    subscription.unavailable("refused");
    assertEquals(List.of("refused", "ready", "refused"), told);
  }

  @Test
  void gapLastsFromTheLossToTheNextSubscription() {
    subscription.subscribed();
    pass(Duration.ofHours(1));
    subscription.unavailable("closed");
    pass(Duration.ofMillis(1500));
    subscription.unavailable("refused");
    pass(Duration.ofMillis(500));
    subscription.subscribed();
    assertEquals(List.of("ready", "closed", "refused", "restored after PT2S"), told);
    assertEquals(1, counters.gaps.get());
  }

  @Test
  void secondGapIsCountedAndMeasuredAnew() {
    subscription.subscribed();
    for (int i = 1; i <= 2; i++) {
      subscription.unavailable("closed");
      pass(Duration.ofSeconds(i));
      subscription.subscribed();
      pass(Duration.ofMinutes(1));
    }
    assertEquals(
        List.of("ready", "closed", "restored after PT1S", "closed", "restored after PT2S"), told);
    assertEquals(2, counters.gaps.get());
  }

  @Test
  void newSubscriptionWithoutATellingOfItsLossIsAGapOfUnknownLength() {
    subscription.subscribed();
    pass(Duration.ofDays(3));
    subscription.subscribed();
    assertEquals(List.of("ready", "restored after PT0S"), told);
    assertEquals(1, counters.gaps.get());
  }
}
