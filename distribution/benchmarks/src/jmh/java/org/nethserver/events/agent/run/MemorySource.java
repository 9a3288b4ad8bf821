package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepSource;

/** Answers one event, from memory, by steps that end as soon as they are started. */
record MemorySource(String origin, List<StepEntry> steps) implements StepSource {
  static final String ANSWERED = "certificate-updated";

  /** Makes a source with so many steps, whose names other sources' steps have too. */
  static MemorySource of(String origin, int steps) {
    return new MemorySource(
        origin,
        IntStream.range(0, steps)
            .mapToObj(number -> StepName.of(10 + number + "step"))
            .map(
                name ->
                    new StepEntry(
                        name, origin + "/" + name, new Disposition.Runs(new EndingStep())))
            .toList());
  }

  @Override
  public List<StepEntry> entries(EventName event) {
    return event.text().equals(ANSWERED) ? steps : List.of();
  }

  @Override
  public void close() {}

  private record EndingStep() implements Step, Step.Execution {
    @Override
    public Execution start(StepRun run, StepListener listener) {
      listener.started();
      listener.ended(new Outcome.Completed());
      return this;
    }

    @Override
    public void stop(Duration grace) {}
  }
}
