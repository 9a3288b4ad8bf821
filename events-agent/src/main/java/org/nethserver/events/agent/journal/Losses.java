package org.nethserver.events.agent.journal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.journal.JournalStatus.Loss;
import org.nethserver.events.agent.json.JsonLayout;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.Journal;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells of what an agent missed: in the log, line by line, and by a run of the event {@code
 * events-missed}, by which modules may look after what they lack. What is told in one go becomes
 * one run.
 *
 * <p>Lives on the dispatch thread, but for {@link #leftover}.
 */
final class Losses implements JournaledAgent.Listener, StateFile.Listener {
  private static final String EVENT = "events-missed";

  /** Beyond these only numbers are told. */
  private static final int MAX_NAMES = 100;

  private final String agent;
  private final Executor dispatcher;
  private final Supplier<String> ids;
  private final BiConsumer<Priority, String> log;
  private @Nullable HostedAgent hosted;
  private boolean untold;
  private final Set<String> reasons = new LinkedHashSet<>();
  private final Map<String, Integer> events = new TreeMap<>();
  private long trimmed;
  private @Nullable Instant from;
  private @Nullable Instant to;
  private long gaps;

  /** How many events were lost since the start, by reason. */
  private final Map<Loss, Long> lost = new EnumMap<>(Loss.class);

  Losses(
      String agent, Executor dispatcher, Supplier<String> ids, BiConsumer<Priority, String> log) {
    this.agent = agent;
    this.dispatcher = dispatcher;
    this.ids = ids;
    this.log = log;
  }

  /** Runs events of this agent from now on. */
  void use(HostedAgent now) {
    hosted = now;
  }

  /** Returns how many gaps of the journal the agent came by. */
  long gaps() {
    return gaps;
  }

  /** Returns how many events were lost since the start. */
  Map<Loss, Long> lost() {
    return Map.copyOf(lost);
  }

  void leftover(int killed) {
    log.accept(
        Priority.WARNING,
        killed + " processes of runs that an earlier process began were left, and are killed");
  }

  @Override
  public void gap(Journal.Entry entry) {
    gaps++;
    add("events before " + entry.time() + " are not in the journal: no recorder was there");
    see(entry.time());
  }

  @Override
  public void missed(Journal.Entry entry, String channel, String why) {
    log.accept(
        Priority.ERROR,
        "Event " + channel + " of " + entry.time() + " was missed and is not run: " + why);
    if (events.size() < MAX_NAMES || events.containsKey(channel)) {
      events.merge(channel, 1, Integer::sum);
    }
    reason(why);
    see(entry.time());
    lost.merge(Loss.PASSED_OVER, 1L, Long::sum);
  }

  @Override
  public void trimmed(long first, long last) {
    lost.merge(Loss.TRIMMED, last - first + 1, Long::sum);
    trimmed += last - first + 1;
    add((last - first + 1) + " entries of the journal were trimmed before they were read");
  }

  @Override
  public void told(String what) {
    add(what);
  }

  @Override
  public void dead(Journal.Entry entry, String channel) {
    log.accept(
        Priority.ERROR,
        "Event "
            + channel
            + " of "
            + entry.time()
            + " is set aside: the agent died in it each time; see events dead");
    events.merge(channel, 1, Integer::sum);
    lost.merge(Loss.SET_ASIDE, 1L, Long::sum);
    reason("set aside");
    see(entry.time());
  }

  @Override
  public void unwritable(Path file, String why) {
    log.accept(
        Priority.ERROR,
        "Cannot write " + file + ": " + why + ": what runs now may run again after a restart");
  }

  @Override
  public void writable(Path file) {
    log.accept(Priority.INFO, "Writes " + file + " again");
  }

  private void add(String what) {
    log.accept(Priority.WARNING, "Journal: " + what);
    reason(what);
  }

  private void reason(String why) {
    reasons.add(why);
    if (!untold) {
      untold = true;
      dispatcher.execute(this::announce);
    }
  }

  private void see(Instant time) {
    from = from == null || time.isBefore(from) ? time : from;
    to = to == null || time.isAfter(to) ? time : to;
  }

  /** Runs the event for all that was told since the last one. */
  private void announce() {
    untold = false;
    HostedAgent runs = hosted;
    if (runs != null) {
      Channel channel;
      try {
        channel = Channel.parse(agent + Channel.SEPARATOR + EVENT);
      } catch (IllegalArgumentException e) {
        return; // an id that cannot be a source
      }
      runs.offer(
          new Event(ids.get(), channel, Payload.wrap(payload()), Clock.systemUTC().instant()));
    }
    reasons.clear();
    events.clear();
    trimmed = 0;
    from = null;
    to = null;
  }

  private byte[] payload() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode why = root.putArray("reasons");
    reasons.forEach(why::add);
    ObjectNode counts = root.putObject("events");
    events.forEach((channel, count) -> counts.put(channel, count.intValue()));
    root.put("trimmed", trimmed);
    putTime(root, "from", from);
    putTime(root, "to", to);
    return JsonLayout.line(root).getBytes(StandardCharsets.UTF_8);
  }

  private static void putTime(ObjectNode root, String name, @Nullable Instant time) {
    if (time != null) {
      root.put(name, time.toString());
    }
  }
}
