package org.nethserver.events.agent.plugins;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nethserver.events.agent.handlers.JavaSteps;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepSource;

/** The handlers of one plugin as steps. Keeps the plugin open until it is closed. */
final class HandlerSource implements StepSource {
  /** Names come from whoever publishes; those that matter are few. */
  private static final int MAX_REMEMBERED = 1000;

  private final Plugin plugin;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final List<Offer> offers;

  /** What was found before, so that patterns are matched once a name. */
  private final Map<EventName, List<StepEntry>> remembered = new HashMap<>();

  /**
   * Makes a source.
   *
   * @param handlers those of the plugin that no other one stands in the way of
   * @param steps what calls them
   */
  HandlerSource(Plugin plugin, List<HandlerStep> handlers, JavaSteps steps) {
    this.plugin = plugin;
    this.offers = handlers.stream().map(handler -> offer(handler, steps)).toList();
    plugin.use().retain();
  }

  private Offer offer(HandlerStep handler, JavaSteps steps) {
    Disposition runs = new Disposition.Runs(steps.step(handler.handler(), handler));
    return new Offer(handler, new StepEntry(handler.name(), origin(), runs));
  }

  ClassLoader loader() {
    return plugin.code().loader();
  }

  @Override
  public String origin() {
    return plugin.file().path().toString();
  }

  @Override
  public List<StepEntry> entries(EventName event) {
    List<StepEntry> running = running(event);
    return !running.isEmpty() && plugin.use().isStuck()
        ? running.stream().map(this::refused).toList()
        : running;
  }

  private List<StepEntry> running(EventName event) {
    List<StepEntry> known = remembered.get(event);
    if (known == null) {
      known = find(event);
      if (remembered.size() == MAX_REMEMBERED) {
        remembered.clear();
      }
      remembered.put(event, known);
    }
    return known;
  }

  private List<StepEntry> find(EventName event) {
    List<StepEntry> found = new ArrayList<>();
    for (Offer offer : offers) {
      if (offer.handler.answers(event)) {
        found.add(offer.entry);
      }
    }
    return List.copyOf(found);
  }

  private StepEntry refused(StepEntry entry) {
    return new StepEntry(
        entry.name(),
        entry.origin(),
        new Disposition.Refused(
            "plugin \""
                + plugin.name()
                + "\" is stuck: a call of it did not return; mend it and reload the agent"));
  }

  @Override
  public Set<EventName> events() {
    Set<EventName> names = new TreeSet<>();
    for (Offer offer : offers) {
      offer.handler.events().stream()
          .filter(Glob::isName)
          .map(glob -> new EventName(glob.text()))
          .forEach(names::add);
    }
    return names;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      plugin.use().release();
    }
  }

  private record Offer(HandlerStep handler, StepEntry entry) {}
}
