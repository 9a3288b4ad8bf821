package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.spi.StepEntry;

/**
 * Decides which event of an agent runs when. Each channel is a lane, whose events run one after the
 * other; a lane with something to run takes one of the agent's places, and where there is none it
 * queues up behind the lanes that came before it. So a channel with much to do delays no other by
 * more than one run. Where the process has no place for the agent, it takes its turn in the {@link
 * Commons}.
 */
final class Lanes {
  private RunContext context;
  private StepResolver steps;
  private final Commons.Member member;
  private final Runnable whenIdle;
  private final Map<Channel, Lane> lanes = new HashMap<>();

  /** Lanes with something to run that wait for a place, each once. */
  private final Queue<Lane> ready = new ArrayDeque<>();

  /** Changed by the dispatch thread alone; read by {@link #kill} on whichever. */
  private final Set<Run> running = ConcurrentHashMap.newKeySet();

  private int waiting;
  private long waitingBytes;
  private boolean stopped;

  Lanes(RunContext context, StepResolver steps, Commons commons, Runnable whenIdle) {
    this.context = context;
    this.steps = steps;
    this.member = commons.join(this::startNext, () -> !ready.isEmpty());
    this.whenIdle = whenIdle;
  }

  /** Takes steps from another resolver from now on. */
  void use(StepResolver next) {
    steps = next;
  }

  /** Runs in another context from now on; what runs goes on in the one that it began in. */
  void use(RunContext next) {
    context = next;
    member.takeTurn();
  }

  /** The agent is gone, and idle. */
  void leave() {
    member.leave();
  }

  /**
   * Runs the event now, or queues it, or rejects it; forgets it once stopped.
   *
   * @param found its steps as they are now
   */
  void offer(Event event, List<StepEntry> found) {
    if (!take(event, found)) {
      context.listener().rejected(event);
    }
  }

  /** As {@link #offer}, but leaves it to the caller what becomes of an event without room. */
  boolean take(Event event, List<StepEntry> found) {
    if (stopped) {
      return true;
    }
    Lane lane = laneOf(event);
    // Whatever waits before it, waits for a place or in this lane.
    if (!lane.busy && lane.queue.isEmpty() && hasPlace()) {
      start(lane, event, found);
      return true;
    }
    int size = event.payload().size();
    if (!context.limits().queue().admits(waiting, waitingBytes, size) || !member.admits(event)) {
      forgetIfEmpty(lane);
      return false;
    }
    lane.queue.add(event);
    member.hold(event);
    waiting++;
    waitingBytes += size;
    if (!lane.busy && lane.queue.size() == 1) {
      ready.add(lane);
      member.takeTurn();
    }
    return true;
  }

  boolean hasRoom() {
    Limits.Queue bounds = context.limits().queue();
    return waiting <= bounds.events() / 2 && waitingBytes <= bounds.bytes() / 2;
  }

  /** Ends all running steps and forgets what waits. */
  void stop(Duration grace) {
    stopped = true;
    ready.forEach(this::forget);
    lanes.values().forEach(this::forget);
    lanes.values().removeIf(lane -> !lane.busy);
    ready.clear();
    waiting = 0;
    waitingBytes = 0;
    List.copyOf(running).forEach(run -> run.stop(grace));
  }

  private void forget(Lane lane) {
    lane.queue.forEach(member::letGo);
    lane.queue.clear();
  }

  /** Kills the running steps. Any thread: the last resort when the dispatch thread is stuck. */
  void kill() {
    running.forEach(Run::kill);
  }

  boolean idle() {
    return running.isEmpty() && waiting == 0;
  }

  int running() {
    return running.size();
  }

  int waiting() {
    return waiting;
  }

  private boolean hasPlace() {
    return running.size() < context.limits().maxConcurrency() && member.hasPlace();
  }

  private Lane laneOf(Event event) {
    return switch (context.limits().ordering()) {
      case CHANNEL -> lanes.computeIfAbsent(event.channel(), Lane::new);
      case NONE -> new Lane(event.channel());
    };
  }

  /** Starts the next run if there is a place for it, and tells whether it did. */
  private boolean startNext() {
    int before = running.size();
    while (running.size() == before && hasPlace() && !ready.isEmpty()) {
      Lane lane = ready.remove();
      Event event = lane.queue.remove();
      member.letGo(event);
      waiting--;
      waitingBytes -= event.payload().size();
      // Looked up again: what has changed since the event came is what should run.
      start(lane, event, steps.steps(event.channel()));
    }
    return running.size() > before;
  }

  private void start(Lane lane, Event event, List<StepEntry> found) {
    if (found.isEmpty()) {
      context.listener().vanished(event);
      ended(lane);
      return;
    }
    StepResolver origin = steps;
    Run run = new Run(context, event, found.iterator(), ended -> ended(lane, origin, ended));
    origin.enter();
    lane.busy = true;
    running.add(run);
    member.takePlace();
    context.listener().runStarted(event);
    run.start();
  }

  private void ended(Lane lane, StepResolver origin, Run run) {
    running.remove(run);
    member.givePlaceBack();
    origin.leave();
    ended(lane);
    member.takeTurn();
    if (idle()) {
      whenIdle.run();
    }
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
      lanes.remove(lane.channel, lane);
    }
  }

  /** The events of one channel. Two are the same only if they are one: the default equality. */
  private static final class Lane {
    private final Channel channel;
    private final Queue<Event> queue = new ArrayDeque<>();
    private boolean busy;

    Lane(Channel channel) {
      this.channel = channel;
    }
  }
}
