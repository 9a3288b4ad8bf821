package org.nethserver.events.agent.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.spi.EventFile;
import org.nethserver.events.api.spi.LookUp;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepSource;

/**
 * Merges what the sources of an agent have for an event: by name, the later source winning, in the
 * order of the names' bytes.
 */
public final class StepResolver implements AutoCloseable {
  private final List<StepSource> sources;

  /** The same: an iterator and a cast for each source would be half the cost of most events. */
  private final StepSource[] inOrder;

  private final BiConsumer<StepSource, Throwable> onFailure;

  /** How many runs have steps of it left. Of the dispatch thread, as is what follows. */
  private int runs;

  private @Nullable Runnable whenUnused;

  /**
   * Makes a resolver that owns the sources.
   *
   * @param sources in order of precedence, the later winning
   * @param onFailure hears of a source that threw; the source then counts as empty
   */
  public StepResolver(List<StepSource> sources, BiConsumer<StepSource, Throwable> onFailure) {
    this.sources = List.copyOf(sources);
    this.inOrder = this.sources.toArray(StepSource[]::new);
    this.onFailure = onFailure;
  }

  /** Returns the sources in order of precedence. */
  public List<StepSource> sources() {
    return sources;
  }

  /** A run has got steps of it. */
  void enter() {
    runs++;
  }

  /** A run has ended. */
  void leave() {
    runs--;
    if (runs == 0 && whenUnused != null) {
      whenUnused.run();
    }
  }

  /**
   * No run will get steps of it any more. On the dispatch thread, once.
   *
   * @param action what to do after the last run that has
   */
  public void retire(Runnable action) {
    whenUnused = action;
    if (runs == 0) {
      action.run();
    }
  }

  /** Returns what wins of each name, in order. */
  private Map<StepName, StepEntry> winners(LookUp lookUp) {
    // Made by the first source that has something: mostly there is none.
    @Nullable Map<StepName, StepEntry> winners = null;
    for (StepSource source : inOrder) {
      List<StepEntry> found = entries(source, lookUp);
      if (!found.isEmpty()) {
        winners = winners == null ? new TreeMap<>() : winners;
        merge(found, winners);
      }
    }
    return winners == null ? Map.of() : winners;
  }

  private static void merge(List<StepEntry> later, Map<StepName, StepEntry> winners) {
    for (StepEntry entry : later) {
      switch (entry.disposition()) {
        case Disposition.Runs _, Disposition.Refused _, Disposition.Document _ ->
            winners.put(entry.name(), entry);
        case Disposition.Masks _ -> winners.remove(entry.name());
        case Disposition.PassedOver _ -> {}
      }
    }
  }

  /** Returns what there is for an event of the channel: without steps for other sources. */
  Handling handling(Channel channel) {
    return handling(channel, new LookUp(channel.name()));
  }

  /**
   * Returns what there is for an event of the channel: without steps for other sources.
   *
   * @param lookUp shared with other resolvers
   */
  Handling handling(Channel channel, LookUp lookUp) {
    Map<StepName, StepEntry> winners = winners(lookUp);
    if (winners.isEmpty()) {
      return Handling.NOTHING;
    }
    EventFiles files = files(winners);
    List<StepEntry> answering = new ArrayList<>(winners.size());
    for (StepEntry entry : winners.values()) {
      StepEntry asked = asked(entry, channel.source());
      if (!(asked.disposition() instanceof Disposition.PassedOver)) {
        answering.add(asked);
      }
    }
    return new Handling(answering, files);
  }

  /** Takes out what is no step. */
  private static EventFiles files(Map<StepName, StepEntry> winners) {
    StepEntry policy = winners.remove(EventFile.POLICY.fileName());
    StepEntry schema = winners.remove(EventFile.INPUT_SCHEMA.fileName());
    return policy == null && schema == null
        ? EventFiles.NONE
        : new EventFiles(Optional.ofNullable(policy), Optional.ofNullable(schema));
  }

  /** Asks a step whether it answers events of the source. */
  private static StepEntry asked(StepEntry entry, EventSource source) {
    if (!(entry.disposition() instanceof Disposition.Runs runs)) {
      return entry;
    }
    try {
      return runs.step().answers(source)
          ? entry
          : with(entry, new Disposition.PassedOver("it does not answer events of " + source));
    } catch (Throwable e) {
      ForeignFailure.rethrowFatal(e);
      String why = "it failed to tell which sources it answers: " + ForeignFailure.text(e);
      return with(entry, new Disposition.Refused(why));
    }
  }

  private static StepEntry with(StepEntry entry, Disposition disposition) {
    return new StepEntry(entry.name(), entry.origin(), disposition);
  }

  /** Returns all that the sources have for the event, and what became of it, in order. */
  public List<Resolved> explain(EventName event) {
    List<Resolved> all = new ArrayList<>();
    LookUp lookUp = new LookUp(event);
    for (StepSource source : sources) {
      for (StepEntry entry : entries(source, lookUp)) {
        if (!(entry.disposition() instanceof Disposition.PassedOver)) {
          all.replaceAll(earlier -> earlier.replacedBy(entry));
        }
        all.add(new Resolved(entry, source.origin(), ""));
      }
    }
    // The sort is stable: entries of one name stay in the order of their sources.
    all.sort(Comparator.comparing(resolved -> resolved.entry().name()));
    return all;
  }

  /** Returns all that the sources have for an event of the channel, and what became of it. */
  public List<Resolved> explain(Channel channel) {
    return explain(channel.name()).stream()
        .map(
            resolved ->
                resolved.replacedBy().isEmpty()
                    ? new Resolved(asked(resolved.entry(), channel.source()), resolved.source(), "")
                    : resolved)
        .toList();
  }

  private List<StepEntry> entries(StepSource source, LookUp lookUp) {
    try {
      List<StepEntry> found = source.entries(lookUp);
      // Null is refused here, where the blame is the source's.
      return found.isEmpty() ? List.of() : List.copyOf(found);
    } catch (Throwable e) {
      ForeignFailure.rethrowFatal(e);
      onFailure.accept(source, e);
      return List.of();
    }
  }

  /** Closes the sources, the last first, and all of them; then throws what the first threw. */
  @Override
  public void close() {
    RuntimeException failed = null;
    for (StepSource source : sources.reversed()) {
      try {
        source.close();
      } catch (RuntimeException e) {
        if (failed == null) {
          failed = e;
        } else {
          failed.addSuppressed(e);
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  /**
   * An entry and what became of it.
   *
   * @param entry the entry
   * @param source where its source is
   * @param replacedBy the origin of the later entry of the same name, or empty
   */
  public record Resolved(StepEntry entry, String source, String replacedBy) {
    /** Tells whether a run would try it: it is no mask, not replaced and not passed over. */
    public boolean isTried() {
      return replacedBy.isEmpty()
          && switch (entry.disposition()) {
            case Disposition.Runs _, Disposition.Refused _ -> EventFile.of(entry.name()).isEmpty();
            case Disposition.Masks _, Disposition.PassedOver _, Disposition.Document _ -> false;
          };
    }

    private Resolved replacedBy(StepEntry later) {
      boolean replaced =
          entry.name().equals(later.name())
              && !(entry.disposition() instanceof Disposition.PassedOver);
      return replaced ? new Resolved(entry, source, later.origin()) : this;
    }
  }
}
