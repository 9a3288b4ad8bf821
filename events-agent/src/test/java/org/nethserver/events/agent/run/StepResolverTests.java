package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepSource;

final class StepResolverTests {
  private static final EventName EVENT = new EventName("user-created");

  private final FakeSource early = new FakeSource("/early");
  private final FakeSource late = new FakeSource("/late");
  private final List<String> failures = new ArrayList<>();
  private final StepResolver resolver = resolver(early, late);

  private StepResolver resolver(StepSource... sources) {
    return new StepResolver(
        List.of(sources), (source, failure) -> failures.add(source.origin() + ": " + failure));
  }

  private static List<StepEntry> steps(StepResolver resolver, EventName event) {
    return steps(resolver, new Channel(new EventSource("cluster"), event));
  }

  private static List<StepEntry> steps(StepResolver resolver, Channel channel) {
    return resolver.handling(channel).steps();
  }

  private static List<String> origins(List<StepEntry> entries) {
    return entries.stream().map(StepEntry::origin).toList();
  }

  @Nested
  final class Merge {
    @Test
    void sourcesAreMergedInTheOrderOfNames() {
      early.runs("user-created", "30c").runs("user-created", "10a");
      late.runs("user-created", "20b");
      assertEquals(
          List.of("/early/10a", "/late/20b", "/early/30c"), origins(steps(resolver, EVENT)));
    }

    @Test
    void orderIsThatOfBytesNotOfCharacters() {
      // U+FFFD comes after the surrogates of U+1F600 as UTF-16, but before it as UTF-8.
      for (String name : List.of("9", "10", "a", "Z", "é", "\uFFFD", "\uD83D\uDE00", "-")) {
        early.runs("user-created", name);
      }
      early.put(
          "user-created",
          StepName.of(new byte[] {(byte) 0xff}),
          () -> new Disposition.Refused("no UTF-8"));
      assertEquals(
          List.of("-", "10", "9", "Z", "a", "é", "\uFFFD", "\uD83D\uDE00", "\uFFFD"),
          steps(resolver, EVENT).stream().map(entry -> entry.name().toString()).toList());
    }

    @Test
    void laterSourceReplacesTheStepOfTheSameName() {
      early.runs("user-created", "10a").runs("user-created", "20b");
      late.runs("user-created", "10a");
      assertEquals(List.of("/late/10a", "/early/20b"), origins(steps(resolver, EVENT)));
    }

    @Test
    void refusedStepReplacesTheEarlierOne() {
      early.runs("user-created", "10a");
      late.refuses("user-created", "10a", "world-writable");
      List<StepEntry> steps = steps(resolver, EVENT);
      assertEquals(List.of("/late/10a"), origins(steps));
      assertEquals(new Disposition.Refused("world-writable"), steps.getFirst().disposition());
    }

    @Test
    void maskTakesTheEarlierStepOutAndLeavesALaterOne() {
      early.runs("user-created", "10a").masks("user-created", "20b");
      late.masks("user-created", "10a").runs("user-created", "20b");
      assertEquals(List.of("/late/20b"), origins(steps(resolver, EVENT)));
    }

    @Test
    void passedOverFileReplacesNothing() {
      early.runs("user-created", "10a");
      late.passesOver("user-created", "10a", "a backup").passesOver("user-created", "20b", "too");
      assertEquals(List.of("/early/10a"), origins(steps(resolver, EVENT)));
    }

    @Test
    void eventOfOtherStepsHasNone() {
      early.runs("user-removed", "10a");
      assertEquals(List.of(), steps(resolver, EVENT));
    }
  }

  @Nested
  final class Explanation {
    private List<String> explain() {
      return resolver.explain(EVENT).stream()
          .map(
              resolved ->
                  resolved.entry().origin()
                      + " from "
                      + resolved.source()
                      + (resolved.replacedBy().isEmpty() ? "" : " by " + resolved.replacedBy()))
          .toList();
    }

    @Test
    void showsAllInTheOrderOfNamesThenOfSources() {
      early.runs("user-created", "20b").runs("user-created", "10a");
      late.runs("user-created", "20b").masks("user-created", "10a");
      assertEquals(
          List.of(
              "/early/10a from /early by /late/10a",
              "/late/10a from /late",
              "/early/20b from /early by /late/20b",
              "/late/20b from /late"),
          explain());
    }

    @Test
    void passedOverFileIsShownAndReplacesNothing() {
      early.runs("user-created", "10a");
      late.passesOver("user-created", "10a", "a backup");
      assertEquals(List.of("/early/10a from /early", "/late/10a from /late"), explain());
    }

    @Test
    void passedOverFileIsNotReplaced() {
      early.passesOver("user-created", "10a", "a backup");
      late.runs("user-created", "10a");
      assertEquals(List.of("/early/10a from /early", "/late/10a from /late"), explain());
    }

    @Test
    void namesTheLastOfSeveralReplacements() {
      FakeSource last = new FakeSource("/last");
      for (FakeSource source : List.of(early, late, last)) {
        source.runs("user-created", "10a");
      }
      assertEquals(
          List.of("/last/10a", "/last/10a", ""),
          resolver(early, late, last).explain(EVENT).stream()
              .map(StepResolver.Resolved::replacedBy)
              .toList());
    }
  }

  @Nested
  final class Failures {
    @Test
    void sourceThatThrowsCountsAsEmptyAndIsNamed() {
      early.runs("user-created", "10a");
      late.failure = new IllegalStateException("broken");
      assertEquals(List.of("/early/10a"), origins(steps(resolver, EVENT)));
      assertEquals(1, resolver.explain(EVENT).size());
      assertEquals(2, failures.size());
      assertEquals("/late: java.lang.IllegalStateException: broken", failures.getFirst());
    }

    @Test
    void sourceThatFailsDoesNotHideALaterOne() {
      early.failure = new NoClassDefFoundError("org/example/Missing");
      late.runs("user-created", "10a");
      assertEquals(List.of("/late/10a"), origins(steps(resolver, EVENT)));
      assertEquals(
          List.of("/early: java.lang.NoClassDefFoundError: org/example/Missing"), failures);
    }

    @Test
    void sourceThatReturnsNullCountsAsEmpty() {
      late.runs("user-created", "10a");
      for (List<StepEntry> broken : Collections.<List<StepEntry>>singletonList(null)) {
        assertEquals(
            List.of("/late/10a"), origins(steps(resolver(returning(broken), late), EVENT)));
      }
      assertEquals(
          List.of("/late/10a"),
          origins(steps(resolver(returning(Collections.singletonList(null)), late), EVENT)));
      assertEquals(2, failures.size());
    }

    @Test
    void brokenJvmIsNotTheSourcesFault() {
      late.failure = new OutOfMemoryError("made up");
      assertThrows(OutOfMemoryError.class, () -> steps(resolver, EVENT));
    }

    private StepSource returning(List<StepEntry> entries) {
      return new StepSource() {
        @Override
        public String origin() {
          return "/broken";
        }

        @Override
        public List<StepEntry> entries(EventName event) {
          return entries;
        }

        @Override
        public void close() {
          throw new IllegalStateException("cannot be closed");
        }
      };
    }

    @Test
    void sourcesAreClosedTheLastFirst() {
      List<String> order = new ArrayList<>();
      early.onClose = () -> order.add("early");
      late.onClose = () -> order.add("late");
      resolver.close();
      assertEquals(List.of("late", "early"), order);
    }

    @Test
    void allSourcesAreClosedThoughOneThrows() {
      StepResolver three = resolver(early, returning(List.of()), late);
      IllegalStateException e = assertThrows(IllegalStateException.class, three::close);
      assertEquals("cannot be closed", e.getMessage());
      assertTrue(early.closed);
      assertTrue(late.closed);
    }
  }

  @Nested
  final class Sources {
    private final Channel cluster = Channel.parse("cluster/event/user-created");
    private final Channel module = Channel.parse("module/ldap1/event/user-created");

    private static Step ofModules() {
      return new Step() {
        @Override
        public boolean answers(EventSource source) {
          return source.text().startsWith("module/");
        }

        @Override
        public Execution start(StepRun run, StepListener listener) {
          throw new AssertionError("not started here");
        }
      };
    }

    @Test
    void stepThatDoesNotAnswerTheSourceIsLeftOut() {
      early.runs("user-created", "10a").runs("user-created", "20b", ofModules());
      assertEquals(List.of("/early/10a"), origins(steps(resolver, cluster)));
      assertEquals(List.of("/early/10a", "/early/20b"), origins(steps(resolver, module)));
    }

    @Test
    void stepThatDoesNotAnswerTheSourceReplacesEarlierOnesAllTheSame() {
      early.runs("user-created", "10a");
      late.runs("user-created", "10a", ofModules());
      assertEquals(List.of(), origins(steps(resolver, cluster)));
    }

    @Test
    void stepThatCannotTellItsSourcesIsRefused() {
      Step broken =
          new Step() {
            @Override
            public boolean answers(EventSource source) {
              throw new IllegalStateException("no patterns");
            }

            @Override
            public Execution start(StepRun run, StepListener listener) {
              throw new AssertionError("not started here");
            }
          };
      early.runs("user-created", "10a", broken);
      assertEquals(
          new Disposition.Refused(
              "it failed to tell which sources it answers: java.lang.IllegalStateException: no"
                  + " patterns"),
          steps(resolver, cluster).getFirst().disposition());
    }
  }
}
