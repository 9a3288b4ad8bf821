package org.nethserver.events.agent.worker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nethserver.events.agent.plugins.Glob;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepSource;

/** The handlers of one plugin as steps, by what a worker has told of them. */
final class WorkerSource implements StepSource {
  /** Names come from whoever publishes; those that matter are few. */
  private static final int MAX_REMEMBERED = 1000;

  private final WorkerPlugins plugins;
  private final String origin;
  private final int loading;
  private final List<Offer> offers = new ArrayList<>();
  private final Map<EventName, List<StepEntry>> remembered = new HashMap<>();

  private record Offer(List<Glob> events, StepEntry entry) {}

  /**
   * Makes a source.
   *
   * @param plugin what the worker told, which was checked for its form alone
   * @param directory the directory of the plugin
   * @param loading the number of the loading that told of it
   */
  WorkerSource(WorkerPlugins plugins, PluginReport.Loaded plugin, Path directory, int loading) {
    this.plugins = plugins;
    this.origin = plugin.file().toString();
    this.loading = loading;
    for (PluginReport.Handler handler : plugin.steps()) {
      StepName name = StepName.of(handler.step());
      List<Glob> sources = handler.sources().stream().map(Glob::new).toList();
      Step step = new WorkerStep(directory, name, sources);
      offers.add(
          new Offer(
              handler.events().stream().map(Glob::new).toList(),
              new StepEntry(name, origin, new Disposition.Runs(step))));
    }
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public List<StepEntry> entries(EventName event) {
    if (remembered.size() >= MAX_REMEMBERED) {
      remembered.clear();
    }
    return remembered.computeIfAbsent(event, this::find);
  }

  private List<StepEntry> find(EventName event) {
    return offers.stream()
        .filter(offer -> offer.events.stream().anyMatch(glob -> glob.matches(event.text())))
        .map(Offer::entry)
        .toList();
  }

  @Override
  public Set<EventName> events() {
    Set<EventName> names = new TreeSet<>();
    for (Offer offer : offers) {
      offer.events.stream()
          .filter(Glob::isName)
          .map(glob -> new EventName(glob.text()))
          .forEach(names::add);
    }
    return names;
  }

  @Override
  public void close() {
    plugins.release(loading);
  }

  private final class WorkerStep implements Step {
    private final Path directory;
    private final StepName name;
    private final List<Glob> sources;

    WorkerStep(Path directory, StepName name, List<Glob> sources) {
      this.directory = directory;
      this.name = name;
      this.sources = sources;
    }

    @Override
    public boolean answers(EventSource source) {
      return sources.stream().anyMatch(glob -> glob.matches(source.text()));
    }

    @Override
    public Execution start(StepRun run, StepListener listener) {
      return plugins.call(loading, directory, name.bytes(), run, listener);
    }
  }
}
