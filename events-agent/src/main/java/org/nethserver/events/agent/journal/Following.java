package org.nethserver.events.agent.journal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Dispatcher;
import org.nethserver.events.agent.run.Intake;
import org.nethserver.events.agent.run.Router;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.LookUp;
import org.nethserver.events.api.spi.Position;

/**
 * Brings what is heard to the {@link Reconciler} and to the agents, and gives both their time.
 * Lives on the dispatch thread.
 */
final class Following implements Intake.Destination {
  /** Three markers of a recorder that is alive. */
  private static final Duration FIRST_MARKER = Duration.ofSeconds(3);

  private static final Duration FIRST_WORD = Duration.ofSeconds(10);
  private static final Duration SYNC = Duration.ofSeconds(1);

  private final Dispatcher dispatcher;
  private final Router router;
  private final Reconciler reconciler;
  private final JournalReader reader;
  private final Router.Refusals refusals;
  private final Counters counters;
  private final Clock clock;
  private final Set<Participant> dirty = new LinkedHashSet<>();
  private long subscriptions;
  private boolean marked;
  private @Nullable Instant markedAt;
  private long words;
  private boolean closed;

  Following(
      Dispatcher dispatcher,
      Router router,
      Reconciler reconciler,
      JournalReader reader,
      Router.Refusals refusals,
      Counters counters,
      Clock clock) {
    this.dispatcher = dispatcher;
    this.router = router;
    this.reconciler = reconciler;
    this.reader = reader;
    this.refusals = refusals;
    this.counters = counters;
    this.clock = clock;
  }

  JournalReader reader() {
    return reader;
  }

  /** Returns when the last marker of a recorder was heard. */
  Optional<Instant> markedAt() {
    return Optional.ofNullable(markedAt);
  }

  Reconciler reconciler() {
    return reconciler;
  }

  boolean hasJournal() {
    return reconciler.settled();
  }

  void join(JournaledAgent agent) {
    reconciler.join(agent);
  }

  void leave(JournaledAgent agent) {
    reconciler.leave(agent);
  }

  /** No agent is given anything more that it missed. */
  void close() {
    closed = true;
  }

  @Override
  public void message(
      @Nullable Position position, byte[] channelBytes, byte[] bytes, LookUp.Moment moment) {
    Channel channel = router.check(channelBytes);
    Payload payload = Payload.wrap(bytes);
    Heard heard = reconciler.hear(position, channel, channelBytes, payload);
    if (channel != null
        && router.bring(
            channel,
            moment,
            () -> new Event(heard.id(), channel, payload, heard.time()),
            position != null)) {
      heard.take();
    }
  }

  @Override
  public void dropped(@Nullable Position position, byte[] channel) {
    reconciler.hear(position, null, channel, null);
    if (!reconciler.settled()) {
      counters.rejected.incrementAndGet();
      refusals.dropped(channel);
    }
  }

  @Override
  public void marked(String epoch) {
    marked = true;
    markedAt = clock.instant();
    reconciler.marked(epoch);
  }

  @Override
  public void recorded(String epoch, Position position, long number) {
    if (!closed) {
      words++;
      reconciler.recorded(epoch, position, number);
    }
  }

  @Override
  public void subscribed() {
    long mine = ++subscriptions;
    marked = false;
    reconciler.subscribed();
    dispatcher.after(
        FIRST_MARKER,
        () -> {
          if (mine == subscriptions && !marked) {
            reconciler.losePatience();
          }
        });
    listen(mine, words);
  }

  /** Looks from time to time whether any recorder is heard. */
  private void listen(long mine, long before) {
    dispatcher.after(
        FIRST_WORD,
        () -> {
          if (mine != subscriptions || closed) {
            return;
          }
          if (words == before) {
            reconciler.losePatience();
            reconciler.silence();
          }
          listen(mine, words);
        });
  }

  /** A run ended: there may be room for more, and there is something to bring to the disk. */
  void ended(JournaledAgent agent, Participant participant) {
    if (!agent.live() && !closed) {
      dispatcher.execute(reconciler::proceed);
    }
    if (dirty.isEmpty()) {
      dispatcher.after(SYNC, this::sync);
    }
    dirty.add(participant);
  }

  private void sync() {
    List<Participant> all = new ArrayList<>(dirty);
    dirty.clear();
    reader.execute(() -> all.forEach(Participant::sync));
  }
}
