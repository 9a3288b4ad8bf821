package org.nethserver.events.agent.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepSource;

/** A source that holds what the test puts there, and tells which of its steps have started. */
public final class FakeSource implements StepSource {
  private final String origin;
  private final Map<String, Map<StepName, Supplier<Disposition>>> events =
      new ConcurrentHashMap<>();
  private final BlockingQueue<FakeStep> started = new LinkedBlockingQueue<>();

  /** Thrown by each look-up, if set. */
  public volatile Throwable failure;

  public volatile boolean closed;

  public volatile Runnable onClose = () -> {};

  /** The thread that called {@link #answer} last. */
  public volatile String answeredOn = "";

  public FakeSource(String origin) {
    this.origin = origin;
  }

  /** Adds a step that the test ends. */
  public FakeSource runs(String event, String step) {
    return put(event, StepName.of(step), () -> new Disposition.Runs(new FakeStep(step, started)));
  }

  public FakeSource runs(String event, String name, Step step) {
    return put(event, StepName.of(name), () -> new Disposition.Runs(step));
  }

  public FakeSource refuses(String event, String step, String why) {
    return put(event, StepName.of(step), () -> new Disposition.Refused(why));
  }

  public FakeSource masks(String event, String step) {
    return put(event, StepName.of(step), Disposition.Masks::new);
  }

  public FakeSource passesOver(String event, String step, String why) {
    return put(event, StepName.of(step), () -> new Disposition.PassedOver(why));
  }

  FakeSource put(String event, StepName step, Supplier<Disposition> disposition) {
    events.computeIfAbsent(event, _ -> new LinkedHashMap<>()).put(step, disposition);
    return this;
  }

  FakeSource forget(String event) {
    events.remove(event);
    return this;
  }

  /** Waits for the next step to start. */
  public FakeStep started() throws InterruptedException {
    FakeStep step = started.poll(20, TimeUnit.SECONDS);
    if (step == null) {
      throw new AssertionError("no step of " + origin + " has started within 20 s");
    }
    return step;
  }

  /** Returns how many have started that {@link #started()} has not returned. */
  public int unseen() {
    return started.size();
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public List<StepEntry> entries(EventName event) {
    fail();
    return events.getOrDefault(event.text(), Map.of()).entrySet().stream()
        .map(e -> new StepEntry(e.getKey(), origin + "/" + e.getKey(), e.getValue().get()))
        .toList();
  }

  private void fail() {
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }

  @Override
  public Set<EventName> events() {
    Set<EventName> names = new TreeSet<>();
    events.keySet().forEach(name -> names.add(new EventName(name)));
    return names;
  }

  @Override
  public void answer(Runnable reply) {
    answeredOn = Thread.currentThread().getName();
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    reply.run();
  }

  @Override
  public void close() {
    closed = true;
    onClose.run();
  }
}
