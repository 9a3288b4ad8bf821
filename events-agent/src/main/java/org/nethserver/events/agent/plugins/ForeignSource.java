package org.nethserver.events.agent.plugins;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.spi.LookUp;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepSource;

/**
 * A source of steps that a plugin provides: each call finds the plugin's own classes by its thread.
 * The source itself is closed with its plugin.
 */
record ForeignSource(StepSource source, PluginCode code) implements StepSource {
  @Override
  public String origin() {
    return call(source::origin);
  }

  @Override
  public List<StepEntry> entries(EventName event) {
    return inside(call(() -> source.entries(event)));
  }

  @Override
  public List<StepEntry> entries(LookUp lookUp) {
    return inside(call(() -> source.entries(lookUp)));
  }

  private List<StepEntry> inside(List<StepEntry> entries) {
    return entries.isEmpty() ? List.of() : entries.stream().map(this::inside).toList();
  }

  private StepEntry inside(StepEntry entry) {
    return entry.disposition() instanceof Disposition.Runs runs
        ? new StepEntry(
            entry.name(), entry.origin(), new Disposition.Runs(new ForeignStep(runs.step(), this)))
        : entry;
  }

  @Override
  public Set<EventName> events() {
    return call(source::events);
  }

  @Override
  public void answer(Runnable reply) {
    source.answer(reply);
  }

  @Override
  public void close() {
    // With the plugin.
  }

  private <T> T call(Callable<T> question) {
    try {
      return code.call(question);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e); // undeclared: whoever calls contains it
    }
  }

  private record ForeignStep(Step step, ForeignSource source) implements Step {
    @Override
    public boolean answers(EventSource from) {
      return source.call(() -> step.answers(from));
    }

    @Override
    public Execution start(StepRun run, StepListener listener) {
      return source.call(() -> step.start(run, listener));
    }
  }
}
