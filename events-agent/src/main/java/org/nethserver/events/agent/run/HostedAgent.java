package org.nethserver.events.agent.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.spi.LookUp;

/**
 * One agent of this process: its steps and its lanes, apart from those of every other. Lives on the
 * dispatch thread.
 */
public final class HostedAgent implements AutoCloseable {
  private final String id;

  /** Changed by the dispatch thread alone. */
  private volatile StepResolver steps;

  private RunContext context;
  private final Room room;
  private final Lanes lanes;
  private final Admission admission;
  private @Nullable Gate gate;

  /**
   * Makes an agent that shares places and queue with others.
   *
   * @param id such as {@code module/traefik1}
   * @param context what its runs share
   * @param steps what answers events, owned by the agent
   * @param commons what it shares with the other agents of the process
   * @param whenIdle runs whenever its last run ended and nothing waits
   */
  public HostedAgent(
      String id, RunContext context, StepResolver steps, Commons commons, Runnable whenIdle) {
    this.id = id;
    this.steps = steps;
    this.context = context;
    Runnable ended =
        () -> {
          if (idle()) {
            whenIdle.run();
          }
        };
    Commons.Member member = commons.join(this::startNext, this::waitsForPlace);
    this.room = new Room(member, context.limits().queue());
    this.lanes = new Lanes(context, steps, member, room, ended);
    this.admission = new Admission(context, room, lanes, ended);
  }

  /**
   * Makes an agent that is alone.
   *
   * @param id such as {@code module/traefik1}
   * @param context what its runs share
   * @param steps what answers events, owned by the agent
   * @param whenIdle runs whenever its last run ended and nothing waits
   */
  public HostedAgent(String id, RunContext context, StepResolver steps, Runnable whenIdle) {
    this(id, context, steps, Commons.of(context.limits()), whenIdle);
  }

  private boolean startNext() {
    return lanes.startNext();
  }

  private boolean waitsForPlace() {
    return lanes.waitsForPlace();
  }

  /** Returns the agent's id. */
  public String id() {
    return id;
  }

  /** Returns what answers the agent's events. */
  public StepResolver steps() {
    return steps;
  }

  /**
   * Answers events by other steps from now on. Runs keep those that they began with. On the
   * dispatch thread.
   *
   * @param next owned by the agent
   * @return the steps before, which are the caller's now, to be closed after their last run
   */
  public StepResolver swap(StepResolver next) {
    StepResolver before = steps;
    steps = next;
    lanes.use(next);
    return before;
  }

  /**
   * Goes by other settings from now on. Runs end by those that they began with; what waits is run
   * by the new ones, and each channel keeps its order. On the dispatch thread.
   *
   * @param context what its runs share
   * @param next owned by the agent
   * @return the steps before, as by {@link #swap(StepResolver)}
   */
  public StepResolver swap(RunContext context, StepResolver next) {
    StepResolver before = swap(next);
    this.context = context;
    room.use(context.limits().queue());
    admission.use(context);
    lanes.use(context);
    return before;
  }

  /** Gives up its part of what the agents share. It is idle, and gets no more events. */
  public void leave() {
    lanes.leave();
  }

  /**
   * Returns what the agent has for events of the channel now.
   *
   * @param lookUp shared by all agents that the event is brought to
   */
  Handling handling(Channel channel, LookUp lookUp) {
    return steps.handling(channel, lookUp);
  }

  /** Brings the agent events through a gate from now on. */
  public void use(Gate before) {
    gate = before;
  }

  /** Tells whether the agent takes events as they come. */
  boolean isOpen() {
    return gate == null || gate.isOpen();
  }

  /** Runs the event's steps, now or later, or rejects it. */
  public void offer(Event event) {
    offer(event, steps.handling(event.channel()));
  }

  private void offer(Event event, Handling now) {
    if (!take(event, now)) {
      context.listener().rejected(event);
    }
  }

  /** Brings an event to the gate, if there is one, else as {@link #offer(Event)}. */
  void bring(Event event, Handling now, boolean placed) {
    if (gate == null) {
      offer(event, now);
    } else {
      gate.offer(event, now, placed);
    }
  }

  /** Returns what the agent has for events of the channel now. */
  public Handling handling(Channel channel) {
    return steps.handling(channel);
  }

  /**
   * Runs the event's steps, now or later, as its policy says; false if there is no room for it.
   *
   * @param now what the agent has for it now; its steps are looked up afresh if it has to wait
   */
  public boolean take(Event event, Handling now) {
    return admission.take(event, now);
  }

  /** Lets no event wait for others to come: none will. */
  public void finish() {
    admission.finish();
  }

  /** Tells whether at least half of the room for events that wait is free. */
  public boolean hasRoom() {
    return room.isAmple();
  }

  /** Tells whether nothing runs and nothing waits. */
  public boolean idle() {
    return lanes.idle() && room.events() == 0;
  }

  /** Returns how many runs there are. */
  public int running() {
    return lanes.running();
  }

  /** Returns how many events wait. */
  public int waiting() {
    return room.events();
  }

  /** Returns how many bytes of payload wait. */
  public long waitingBytes() {
    return room.bytes();
  }

  /** Returns when the event came that has waited longest, if one waits. */
  public Optional<Instant> oldest() {
    return Stream.concat(lanes.waiting(), admission.waiting())
        .map(Event::time)
        .min(Comparator.naturalOrder());
  }

  /** Returns how many runs there may be at once. */
  public int places() {
    return context.limits().maxConcurrency();
  }

  /**
   * Ends the running steps with all that they started, and forgets what waits.
   *
   * @param grace how long they may take to end by themselves
   */
  public void stop(Duration grace) {
    admission.stop();
    lanes.stop(grace);
  }

  /** Kills the running steps. Any thread: the last resort when the dispatch thread is stuck. */
  public void kill() {
    lanes.kill();
  }

  /** Frees the sources of its steps; the agent is idle. */
  @Override
  public void close() {
    steps.close();
  }
}
