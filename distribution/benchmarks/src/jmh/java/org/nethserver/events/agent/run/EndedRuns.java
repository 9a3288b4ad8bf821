package org.nethserver.events.agent.run;

import java.util.concurrent.atomic.AtomicLong;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepListener.Stream;

/** Counts runs that have ended, and waits for them. */
final class EndedRuns implements RunListener {
  private final AtomicLong count = new AtomicLong();

  /** Waits, on another thread than the dispatch thread, until so many have ended in all. */
  void await(long runs) {
    while (count.get() < runs) {
      Thread.yield(); // the dispatch thread may want this core
    }
  }

  @Override
  public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
    count.incrementAndGet();
  }

  @Override
  public void stepStarted(StepWatch step) {}

  @Override
  public void output(StepWatch step, Stream stream, byte[] line) {}

  @Override
  public void stepEnded(StepWatch step, Outcome outcome) {}

  @Override
  public void environmentMissing(Event event, String why) {
    throw new IllegalStateException(why);
  }

  @Override
  public void rejected(Event event) {
    throw new IllegalStateException("rejected: " + event.channel());
  }
}
