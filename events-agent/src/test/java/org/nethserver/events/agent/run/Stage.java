package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;

/** An agent on a real dispatcher, with steps that end when the test says so. */
final class Stage implements AutoCloseable {
  static final Path DIRECTORY = Path.of("/nowhere");

  final List<Throwable> failures = new CopyOnWriteArrayList<>();
  final Dispatcher dispatcher = new Dispatcher(failures::add);
  final Recorder log = new Recorder();
  final FakeSource source = new FakeSource("/steps");
  final AtomicInteger idled = new AtomicInteger();
  final RunContext context;
  final HostedAgent agent;
  private int events;

  Stage() {
    this(Limits.DEFAULT);
  }

  Stage(Limits limits) {
    this(limits, Judge.NONE);
  }

  Stage(Limits limits, Judge judge) {
    AgentEnvironment environment = new AgentEnvironment(DIRECTORY, Variables.NONE);
    this.context = new RunContext(dispatcher, log, limits, environment, new UniqueIds(), judge);
    StepResolver steps = new StepResolver(List.of(source), (_, e) -> failures.add(e));
    this.agent = new HostedAgent("module/stage", context, steps, idled::incrementAndGet);
    dispatcher.start();
  }

  static Limits limits(int maxConcurrency) {
    return new Limits(
        maxConcurrency, Limits.DEFAULT.queue(), Limits.Ordering.CHANNEL, Duration.ZERO);
  }

  /** Offers an event, whose id is a number counted from 1. */
  Event offer(String channel) {
    return offer(channel, "{}");
  }

  Event offer(String channel, String payload) {
    Event event =
        new Event(
            Integer.toString(++events), Channel.parse(channel), Payload.of(payload), Instant.EPOCH);
    dispatcher.execute(() -> agent.offer(event));
    return event;
  }

  /**
   * Lets the dispatch thread do all that is there to do, up to some steps that end by themselves.
   */
  void settle() {
    for (int i = 0; i < 10; i++) {
      int round = i;
      ask(() -> round);
    }
  }

  <T> T ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    dispatcher.execute(
        () -> {
          try {
            answer.complete(question.get());
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Returns how many channels the lanes remember. */
  int remembered() {
    return ask(() -> ((Map<?, ?>) field(field(agent, "lanes"), "lanes")).size());
  }

  /** Returns how many timers are set. */
  int timers() {
    return ask(() -> ((Queue<?>) field(dispatcher, "timers")).size());
  }

  private static Object field(Object owner, String name) {
    try {
      var field = owner.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(owner);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(owner + " keeps it elsewhere now", e);
    }
  }

  @Override
  public void close() {
    dispatcher.close();
    assertEquals(List.of(), failures, "what the dispatch thread had to catch");
  }
}
