package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.spi.StepEntry;

/**
 * Decides which event of an agent runs when. Each channel is a lane, whose events run one after the
 * other; a lane with something to run takes one of the agent's places, and where there is none it
 * queues up behind the lanes that came before it. So a channel with much to do delays no other by
 * more than one run. Where the process has no place for the agent, it takes its turn in the {@link
 * Commons}. A policy may lead events of several channels into one lane, or bound how many of one
 * name run at once. Lives on the dispatch thread.
 */
final class Lanes {
  private RunContext context;
  private StepResolver steps;
  private final Commons.Member member;
  private final Room room;
  private final Runnable whenEnded;

  /** By their channels, or by the names that policies give them. */
  private final Map<Object, Lane> lanes = new HashMap<>();

  /** Lanes with something to run that wait for a place, each once. */
  private final Queue<Lane> ready = new ArrayDeque<>();

  private final Concurrency<Lane> bounded = new Concurrency<>();

  /** Changed by the dispatch thread alone; read by {@link #kill} on whichever. */
  private final Set<Run> running = ConcurrentHashMap.newKeySet();

  /** Runs that wait to be resumed, and have no place; each with its timer until it is due. */
  private final Map<Run, Dispatcher.Timer> resting = new HashMap<>();

  /**
   * Makes lanes.
   *
   * @param whenEnded runs whenever a run has ended
   */
  Lanes(
      RunContext context,
      StepResolver steps,
      Commons.Member member,
      Room room,
      Runnable whenEnded) {
    this.context = context;
    this.steps = steps;
    this.member = member;
    this.room = room;
    this.whenEnded = whenEnded;
  }

  /** Takes steps from another resolver from now on. */
  void use(StepResolver next) {
    steps = next;
  }

  /** Runs in another context from now on; what runs goes on in the one that it began in. */
  void use(RunContext next) {
    context = next;
    member.takeTurn();
    if (idle()) {
      whenEnded.run(); // the steps of all that waited have vanished
    }
  }

  /** The agent is gone, and idle. */
  void leave() {
    member.leave();
  }

  /**
   * Runs an event without policy now, or queues it; false if there is no room for it.
   *
   * @param found its steps as they are now
   */
  boolean take(Event event, List<StepEntry> found) {
    Ruled ruled = new Ruled(event, Policy.NONE);
    Lane lane = laneOf(ruled);
    if (!startsAtOnce(lane, ruled, found)) {
      if (!room.admits(event)) {
        forgetIfEmpty(lane);
        return false;
      }
      queue(lane, ruled);
    }
    return true;
  }

  /** Runs an event now, or queues it: there was room for it before. */
  void add(Event event, Policy policy) {
    Ruled ruled = new Ruled(event, policy);
    Lane lane = laneOf(ruled);
    if (!startsAtOnce(lane, ruled, null)) {
      queue(lane, ruled);
    } else if (idle()) {
      whenEnded.run(); // its steps have vanished
    }
  }

  private boolean startsAtOnce(Lane lane, Ruled ruled, @Nullable List<StepEntry> found) {
    // Whatever waits before it, waits for a place or in this lane.
    if (lane.busy || !lane.queue.isEmpty() || !hasPlace() || bounded.isFull(ruled)) {
      return false;
    }
    start(lane, ruled, found == null ? steps.handling(ruled.event.channel()).steps() : found);
    return true;
  }

  private void queue(Lane lane, Ruled ruled) {
    lane.queue.add(ruled);
    room.hold(ruled.event);
    if (!lane.busy && lane.queue.size() == 1) {
      ready.add(lane);
      member.takeTurn();
    }
  }

  /** Ends all running steps and forgets what waits. */
  void stop(Duration grace) {
    lanes.values().forEach(this::forget);
    ready.forEach(this::forget);
    bounded.forEachWaiting(this::forget);
    lanes.values().removeIf(lane -> !lane.busy);
    ready.clear();
    bounded.clearWaiting();
    List.copyOf(running).forEach(run -> run.stop(grace));
    List.copyOf(resting.keySet()).forEach(Run::giveUp);
  }

  private void forget(Lane lane) {
    lane.queue.forEach(ruled -> room.letGo(ruled.event));
    lane.queue.clear();
  }

  /** Kills the running steps. Any thread: the last resort when the dispatch thread is stuck. */
  void kill() {
    running.forEach(Run::kill);
  }

  /** Tells whether nothing has begun that has not ended. */
  boolean idle() {
    return running.isEmpty() && resting.isEmpty();
  }

  int running() {
    return running.size();
  }

  boolean waitsForPlace() {
    return !ready.isEmpty();
  }

  /** Returns the first event of each lane in which one waits. */
  Stream<Event> waiting() {
    List<Lane> all = new ArrayList<>(lanes.values());
    // Events that keep no order are in lanes that are nowhere but among those that wait.
    all.addAll(ready);
    bounded.forEachWaiting(all::add);
    return all.stream().flatMap(lane -> Stream.ofNullable(lane.queue.peek())).map(Ruled::event);
  }

  private boolean hasPlace() {
    return running.size() < context.limits().maxConcurrency() && member.hasPlace();
  }

  private Lane laneOf(Ruled ruled) {
    Policy.Lane policy = ruled.policy.lane().orElse(null);
    if (policy == null) {
      return switch (context.limits().ordering()) {
        case CHANNEL -> lane(ruled.event.channel());
        case NONE -> new Lane(ruled);
      };
    }
    return switch (policy) {
      case Policy.Lane.OfChannel _ -> lane(ruled.event.channel());
      case Policy.Lane.Named named -> lane(named);
      case Policy.Lane.Free _ -> new Lane(ruled);
    };
  }

  private Lane lane(Object key) {
    return lanes.computeIfAbsent(key, Lane::new);
  }

  /** Starts the next run if there is a place for it, and tells whether it did. */
  boolean startNext() {
    int before = running.size();
    while (running.size() == before && hasPlace() && !ready.isEmpty()) {
      Lane lane = ready.remove();
      Ruled next = lane.paused == null ? lane.queue.element() : lane.paused.ruled;
      if (bounded.isFull(next)) {
        bounded.await(next, lane);
      } else if (lane.paused != null) {
        Paused paused = lane.paused;
        lane.paused = null;
        resume(paused);
      } else {
        lane.queue.remove();
        room.letGo(next.event);
        // Looked up again: what has changed since the event came is what should run.
        start(lane, next, steps.handling(next.event.channel()).steps());
      }
    }
    return running.size() > before;
  }

  private void start(Lane lane, Ruled ruled, List<StepEntry> found) {
    if (found.isEmpty()) {
      context.listener().vanished(ruled.event);
      ended(lane);
      callNext(ruled);
      return;
    }
    StepResolver origin = steps;
    Run run =
        new Run(
            context,
            ruled.event,
            ruled.policy,
            found.iterator(),
            new Run.Course() {
              @Override
              public void rests(Run run, Duration delay) {
                rest(lane, ruled, run, delay);
              }

              @Override
              public void ended(Run run) {
                Lanes.this.ended(lane, ruled, origin, run);
              }
            });
    origin.enter();
    lane.busy = true;
    takePlace(ruled, run);
    context.listener().runStarted(ruled.event);
    run.start();
  }

  private void takePlace(Ruled ruled, Run run) {
    running.add(run);
    bounded.enter(ruled);
    member.takePlace();
  }

  private boolean givePlaceBack(Ruled ruled, Run run) {
    if (!running.remove(run)) {
      return false;
    }
    bounded.leave(ruled);
    callNext(ruled);
    member.givePlaceBack();
    return true;
  }

  private void callNext(Ruled ruled) {
    Lane next = bounded.next(ruled);
    if (next != null) {
      ready.add(next);
    }
  }

  /** A run leaves its place to others until it goes on; its lane waits for it. */
  private void rest(Lane lane, Ruled ruled, Run run, Duration delay) {
    givePlaceBack(ruled, run);
    resting.put(
        run,
        context
            .dispatcher()
            .after(
                delay,
                () -> {
                  lane.paused = new Paused(ruled, run);
                  ready.add(lane);
                  member.takeTurn();
                }));
    member.takeTurn();
  }

  private void resume(Paused paused) {
    resting.remove(paused.run);
    takePlace(paused.ruled, paused.run);
    paused.run.start();
  }

  private void ended(Lane lane, Ruled ruled, StepResolver origin, Run run) {
    if (!givePlaceBack(ruled, run)) {
      context.dispatcher().cancel(resting.remove(run));
    }
    origin.leave();
    ended(lane);
    member.takeTurn();
    whenEnded.run();
  }

  private void ended(Lane lane) {
    lane.busy = false;
    if (!lane.queue.isEmpty()) {
      ready.add(lane);
    }
    forgetIfEmpty(lane);
  }

  private void forgetIfEmpty(Lane lane) {
    if (!lane.busy && lane.queue.isEmpty()) {
      lanes.remove(lane.key, lane);
    }
  }

  /** An event, and how it is to run. */
  private record Ruled(Event event, Policy policy) implements Concurrency.Bounded {
    @Override
    public EventName name() {
      return event.name();
    }

    @Override
    public int max() {
      return policy.maxConcurrent().orElse(Integer.MAX_VALUE);
    }
  }

  /** A run that has rested, and is to go on. */
  private record Paused(Ruled ruled, Run run) {}

  /** Events that run one after the other. Two are the same only if they are one. */
  private static final class Lane {
    private final Object key;
    private final Queue<Ruled> queue = new ArrayDeque<>();
    private @Nullable Paused paused;
    private boolean busy;

    Lane(Object key) {
      this.key = key;
    }
  }
}
