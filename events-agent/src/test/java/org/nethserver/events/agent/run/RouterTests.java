package org.nethserver.events.agent.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.spi.LookUp;

@Timeout(60)
final class RouterTests {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000006Z");

  private final Stage stage = new Stage();
  private final FakeSource other = new FakeSource("/other");
  private final Counters counters = new Counters();
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private final AtomicInteger idsMade = new AtomicInteger();
  private Router router;

  @BeforeEach
  void make() {
    List<HostedAgent> agents = new ArrayList<>();
    for (FakeSource source : List.of(stage.source, other)) {
      StepResolver steps = new StepResolver(List.of(source), (_, e) -> stage.failures.add(e));
      agents.add(new HostedAgent("module/" + source.origin(), stage.context, steps, () -> {}));
    }
    router =
        new Router(
            agents,
            counters,
            Clock.fixed(NOW, ZoneOffset.UTC),
            () -> "id" + idsMade.incrementAndGet(),
            (channel, why) ->
                refusals.add(new String(channel, StandardCharsets.ISO_8859_1) + ": " + why));
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private void route(String channel, String payload) {
    byte[] bytes = channel.getBytes(StandardCharsets.ISO_8859_1);
    stage.ask(
        () -> {
          router.message(null, bytes, payload.getBytes(UTF_8), new LookUp.Moment());
          return true;
        });
  }

  @Test
  void eventGoesToEachAgentThatAnswersIt() throws InterruptedException {
    stage.source.runs("user-created", "10a");
    other.runs("user-created", "10b");
    route("module/openldap1/event/user-created", "{\"user\":\"alice\"}");
    Event first = stage.source.started().event();
    Event second = other.started().event();
    assertEquals("id1", first.id());
    assertEquals("module/openldap1/event/user-created", first.channel().toString());
    assertEquals("{\"user\":\"alice\"}", first.payload().text());
    assertEquals(NOW, first.time());
    assertSame(first.payload(), second.payload(), "the payload is copied for the second agent");
    assertEquals(first, second);
  }

  @Test
  void overlongSourceIsRefused() throws InterruptedException {
    stage.source.runs("user-created", "10a");
    String longest = "a".repeat(EventSource.MAX_LENGTH);
    String channel = longest + "a/event/user-created";
    route(channel, "{}");
    assertEquals(
        List.of(channel + ": the event source is longer than 8192 bytes"), List.copyOf(refusals));
    route(longest + "/event/user-created", "{}");
    assertEquals(longest, stage.source.started().event().channel().source().text());
  }

  @Test
  void eventThatNobodyAnswersMakesNoEvent() throws InterruptedException {
    route("cluster/event/leader-changed", "{}");
    assertEquals(0, idsMade.get());
    other.runs("user-created", "10b");
    route("cluster/event/user-created", "{}");
    assertEquals("id1", other.started().event().id());
    assertEquals(0, stage.source.unseen());
  }

  @Test
  void channelIsCutAtItsFirstSeparator() {
    stage.source.runs("foo", "10a").runs("user-created", "10a");
    route("module/m1/event/user-created/event/foo", "{}");
    assertEquals(1, refusals.size());
    assertEquals(0, stage.source.unseen());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x/event/../actions/foo",
        "x/event/",
        "x/event/.",
        "x/event/..",
        "x/event/.hidden",
        "x/event/-n",
        "x/event/a/b",
        "x/event/a\nb",
        "x/event/a\0b",
        "x/event/\u00e9",
        "/event/user-created",
        "../event/user-created",
        "a//b/event/user-created",
        "a/./b/event/user-created",
        "a b/event/user-created",
        "no-separator",
        ""
      })
  void channelThatBreaksTheRulesIsRefusedOnceAndCounted(String channel) {
    stage.source.runs("user-created", "10a").runs("foo", "10a");
    route(channel, "{}");
    assertEquals(1, counters.refused.get());
    assertEquals(1, refusals.size());
    assertEquals(channel + ": the ", refusals.getFirst().substring(0, channel.length() + 6));
    assertEquals(0, idsMade.get());
  }

  @Test
  void nameOf256BytesIsRefusedAndOneOf255IsNot() throws InterruptedException {
    String longest = "n".repeat(255);
    stage.source.runs(longest, "10a");
    route("cluster/event/" + longest, "{}");
    assertEquals(longest, stage.source.started().event().name().text());
    route("cluster/event/n" + longest, "{}");
    assertEquals(
        List.of("cluster/event/n" + longest + ": the event name is longer than 255 bytes"),
        refusals);
  }

  @Test
  void agentWhoseSourceThrowsHidesNoOther() throws InterruptedException {
    stage.source.failure = new IllegalStateException("broken");
    other.runs("user-created", "10b");
    route("cluster/event/user-created", "{}");
    assertEquals("id1", other.started().event().id());
    assertEquals(1, stage.failures.size());
    stage.failures.clear();
  }

  @Test
  void idsAreUniqueToTheProcessAndFitForFileNames() {
    UniqueIds ids = new UniqueIds();
    String first = ids.get();
    String second = ids.get();
    assertEquals(first.substring(0, 33) + "2", second);
    assertEquals(32, new UniqueIds().get().indexOf('-'));
    assertNotEquals(first, new UniqueIds().get());
    assertTrue(first.matches("[0-9a-f]{32}-1"), first);
  }
}
