package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.nethserver.events.api.Outcome;

/**
 * How an event's steps are to run, where that differs from the agent's way.
 *
 * @param coalesce which events run once for several, if any
 * @param lane which events wait for each other, if it is not the agent's {@link Limits#ordering}
 * @param maxConcurrent how many runs of events of this name there are at once, if less than places
 * @param timeout how long one step may run, zero for no limit, if it is not the agent's limit
 * @param retry which failures are tried again, if any
 */
public record Policy(
    Optional<Coalesce> coalesce,
    Optional<Lane> lane,
    OptionalInt maxConcurrent,
    Optional<Duration> timeout,
    Optional<Retry> retry) {
  /** The agent's way. */
  public static final Policy NONE =
      new Policy(
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty());

  /** Which events wait for each other. */
  public sealed interface Lane {
    /** Those of one channel. */
    record OfChannel() implements Lane {}

    /**
     * All of one name, whatever their channel.
     *
     * @param name the lane's name
     */
    record Named(String name) implements Lane {}

    /** This one waits for none. */
    record Free() implements Lane {}
  }

  /**
   * Of the events that come in a row, the last runs.
   *
   * @param window how long none may come before the last is run
   * @param atMost how long the first may have waited by then
   */
  public record Coalesce(Duration window, Duration atMost) {}

  /**
   * A step that fails is started again.
   *
   * @param attempts how often it is started at most
   * @param delay how long after the first failure; twice as long after each next one
   * @param maxDelay the longest delay
   * @param exitCodes after which exit codes; empty for any failure
   */
  public record Retry(
      int attempts, Duration delay, Duration maxDelay, Optional<Set<Integer>> exitCodes) {
    /** Beyond so many doublings every delay is the longest. */
    private static final int MANY = 30;

    /** Copies the set. */
    public Retry {
      exitCodes = exitCodes.map(Set::copyOf);
    }

    /**
     * Returns how long to wait before the next start; empty if there is none.
     *
     * @param ended how this start ended
     * @param attempt its number, from 1
     * @param chance from 0 to 1: spreads over time what failed at the same moment
     */
    Optional<Duration> after(Outcome ended, int attempt, double chance) {
      if (attempt >= attempts || !covers(ended)) {
        return Optional.empty();
      }
      Duration longest = attempt > MANY ? maxDelay : delay.multipliedBy(1L << (attempt - 1));
      Duration capped = longest.compareTo(maxDelay) > 0 ? maxDelay : longest;
      // Never less than half: a back-off that may be nothing is none.
      return Optional.of(Duration.ofNanos((long) (capped.toNanos() * (0.5 + chance / 2))));
    }

    private boolean covers(Outcome ended) {
      return switch (ended) {
        case Outcome.Failed failed ->
            exitCodes.isEmpty() || exitCodes.get().contains(failed.code());
        case Outcome.Killed _, Outcome.TimedOut _ -> exitCodes.isEmpty();
        case Outcome.Completed _, Outcome.Skipped _, Outcome.Stopped _ -> false;
      };
    }
  }
}
