package org.nethserver.events.agent.run;

import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.nethserver.events.api.Event;

/**
 * What the agents of a process share: places for running steps, and room for events that wait. Each
 * has a fair share of both. Agents that wait for a place take turns, one run a turn. Lives on the
 * dispatch thread.
 */
public final class Commons {
  private final FairShares places;
  private final FairShares events;
  private final FairShares bytes;

  /** Agents with something to run that found no place, each once. */
  private final Queue<Member> turns = new ArrayDeque<>();

  /** Who waits with an event; its payload is charged to the first of them alone. */
  private final Map<Event, Queue<Member>> holders = new IdentityHashMap<>();

  /**
   * Makes what is shared.
   *
   * @param places how many steps run at once
   * @param queue how much may wait
   */
  public Commons(int places, Limits.Queue queue) {
    this.places = new FairShares(places);
    this.events = new FairShares(queue.events());
    this.bytes = new FairShares(queue.bytes());
  }

  /** Makes what an agent shares that is alone. */
  public static Commons of(Limits limits) {
    return new Commons(limits.maxConcurrency(), limits.queue());
  }

  /**
   * Adds an agent.
   *
   * @param startNext starts one run of the agent if it may, and tells whether it did
   * @param waits tells whether the agent has something to run
   */
  Member join(BooleanSupplier startNext, BooleanSupplier waits) {
    return new Member(startNext, waits);
  }

  /** Lets those who wait start what they may, one run each in turn. */
  private void takeTurns() {
    int passed = 0;
    while (passed < turns.size()) {
      Member next = turns.remove();
      boolean started = next.startNext.getAsBoolean();
      if (next.waits.getAsBoolean()) {
        turns.add(next);
        passed = started ? 0 : passed + 1;
      } else {
        next.isInTurn = false;
        passed = started ? 0 : passed;
      }
    }
  }

  /** One agent's part. */
  final class Member {
    private final BooleanSupplier startNext;
    private final BooleanSupplier waits;
    private final FairShares.Share place = places.join();
    private final FairShares.Share number = events.join();
    private final FairShares.Share size = bytes.join();
    private boolean isInTurn;

    private Member(BooleanSupplier startNext, BooleanSupplier waits) {
      this.startNext = startNext;
      this.waits = waits;
    }

    boolean hasPlace() {
      return place.admits(1);
    }

    void takePlace() {
      place.take(1);
    }

    void givePlaceBack() {
      place.giveBack(1);
    }

    /** Starts what may start now, of this agent and of those before it. */
    void takeTurn() {
      if (!isInTurn && waits.getAsBoolean()) {
        isInTurn = true;
        turns.add(this);
      }
      takeTurns();
    }

    boolean admits(Event event) {
      return number.admits(1)
          && (holders.containsKey(event) || size.admits(event.payload().size()));
    }

    void hold(Event event) {
      number.take(1);
      Queue<Member> all = holders.computeIfAbsent(event, _ -> new ArrayDeque<>(2));
      if (all.isEmpty()) {
        size.take(event.payload().size());
      }
      all.add(this);
    }

    void letGo(Event event) {
      number.giveBack(1);
      Queue<Member> all = holders.getOrDefault(event, new ArrayDeque<>(0));
      boolean paid = all.peek() == this;
      all.remove(this);
      if (paid) {
        size.giveBack(event.payload().size());
        if (all.isEmpty()) {
          holders.remove(event);
        } else {
          all.element().size.take(event.payload().size());
        }
      }
    }

    /** The agent is gone; nothing of it runs or waits. */
    void leave() {
      place.leave();
      number.leave();
      size.leave();
      takeTurns();
    }
  }
}
