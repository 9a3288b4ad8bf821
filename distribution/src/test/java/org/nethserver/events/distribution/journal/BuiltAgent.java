package org.nethserver.events.distribution.journal;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.journal.AgentState;
import org.nethserver.events.agent.journal.Heard;
import org.nethserver.events.agent.journal.JournalReading;
import org.nethserver.events.agent.journal.JournaledAgent;
import org.nethserver.events.agent.journal.Place;
import org.nethserver.events.agent.journal.Reconciler;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.Journal;

/** The agent that is built, in the model's world. It reads few entries at once, to read often. */
final class BuiltAgent
    implements AnyAgent, JournalReading, JournaledAgent.Work, JournaledAgent.Listener {
  private static final String EPOCH = "e";
  private static final int PAGE = 3;
  private static final int PLACES = 4;

  private final AgentFile file;
  private final Consumer<Command> out;
  private final Agent.Report report;
  private final Reconciler reconciler;
  private final JournaledAgent agent;
  private final Queue<Consumer<List<Journal.Entry>>> unanswered = new ArrayDeque<>();
  private final Map<Payload, Message.Event> events = new IdentityHashMap<>();
  private final Map<Journal.Entry, Entry> entries = new IdentityHashMap<>();
  private final Map<Character, Deque<Event>> lanes = new TreeMap<>();
  private final Map<Character, Event> started = new TreeMap<>();
  private @Nullable Position count;
  private int ids;

  BuiltAgent(Set<Rule> rules, AgentFile file, Consumer<Command> out, Agent.Report report) {
    this.file = file;
    this.out = out;
    this.report = report;
    if (!rules.equals(Set.of(Rule.values()))) {
      throw new IllegalArgumentException("what is built keeps all rules");
    }
    if (file.lines.isEmpty()) {
      // It was there before the first event: one that comes later has no past to make good.
      file.lines.add("C " + Place.START);
    }
    this.reconciler = new Reconciler(this, Clock.systemUTC(), () -> "own" + ++ids, PAGE);
    this.agent =
        new JournaledAgent(this, new AgentState(file.lines, new Lines()), () -> Instant.MIN, this);
    reconciler.join(agent);
  }

  private final class Lines implements AgentState.Lines {
    @Override
    public void add(String lines) {
      file.lines.addAll(lines.lines().toList());
    }

    @Override
    public boolean grown() {
      return file.lines.size() > 20;
    }

    @Override
    public void replace(String lines) {
      file.lines.clear();
      add(lines);
    }
  }

  @Override
  public boolean holding() {
    return reconciler.holding();
  }

  @Override
  public boolean idle() {
    return lanes.values().stream().allMatch(Deque::isEmpty);
  }

  @Override
  public void connected() {
    unanswered.clear();
    count = null;
    reconciler.subscribed();
  }

  @Override
  public void losePatience() {
    reconciler.losePatience();
  }

  @Override
  public void hear(Message message) {
    switch (message) {
      case Message.Event event -> hear(event);
      case Message.Marker(int epoch, _, _) -> {
        count = new Position(epoch, 0);
        reconciler.marked(EPOCH + epoch);
      }
      case Message.Recorded(int epoch, Head head) ->
          reconciler.recorded(EPOCH + epoch, built(head.position()), head.number());
    }
  }

  private void hear(Message.Event event) {
    count = count == null ? null : count.next();
    Channel channel = Channel.parse(channel(event));
    Payload payload = payload(event);
    Heard heard =
        reconciler.hear(
            count == null ? null : built(count),
            channel,
            channel.toString().getBytes(StandardCharsets.UTF_8),
            payload);
    if (heard.offered()) {
      heard.take();
      agent.take(
          new Event(heard.id(), channel, payload, heard.time()),
          heard.position() != null,
          reconciler.settled());
    }
  }

  private static String channel(Message.Event event) {
    return "m/event/" + event.channel();
  }

  private Payload payload(Message.Event event) {
    Payload payload = Payload.of("" + event.payload());
    events.put(payload, event);
    return payload;
  }

  @Override
  public void from(Place place, int most, Consumer<List<Journal.Entry>> reply) {
    ask(
        all ->
            reply.accept(
                all.stream()
                    .filter(entry -> entry.number() >= place.number())
                    .limit(most)
                    .toList()));
  }

  @Override
  public void last(int most, Consumer<List<Journal.Entry>> reply) {
    ask(all -> reply.accept(all.subList(Math.max(0, all.size() - most), all.size())));
  }

  @Override
  public void find(List<Place> places, BiConsumer<Optional<Place>, Optional<Journal.Entry>> reply) {
    ask(
        all ->
            reply.accept(
                places.stream()
                    .filter(place -> all.stream().map(Place::of).anyMatch(place::equals))
                    .findFirst(),
                all.stream().findFirst()));
  }

  private void ask(Consumer<List<Journal.Entry>> reply) {
    unanswered.add(reply);
    out.accept(new Command.Read(new Message.Recorded(0, Head.NONE)));
  }

  @Override
  public void contents(Command.Contents contents) {
    unanswered.remove().accept(contents.entries().stream().map(this::built).toList());
  }

  private Journal.Entry built(Entry entry) {
    Journal.Content content =
        entry.gap()
            ? new Journal.Gap()
            : new Journal.Recorded(
                channel(entry.event()).getBytes(StandardCharsets.UTF_8),
                payload(entry.event()),
                Optional.empty(),
                1);
    Journal.Entry built =
        new Journal.Entry(
            "1-" + entry.number(), Instant.EPOCH, entry.number(), built(entry.position()), content);
    entries.put(built, entry);
    return built;
  }

  private static org.nethserver.events.api.spi.Position built(Position position) {
    return position.equals(Position.NONE)
        ? org.nethserver.events.api.spi.Position.NONE
        : new org.nethserver.events.api.spi.Position(EPOCH + position.epoch(), position.n());
  }

  @Override
  public boolean canStep(char channel) {
    Deque<Event> lane = lanes.get(channel);
    return lane != null && !lane.isEmpty();
  }

  @Override
  public void step(char channel) {
    Deque<Event> lane = lanes.get(channel);
    Event event = lane.getFirst();
    if (started.get(channel) == event) {
      lane.removeFirst();
      started.remove(channel);
      agent.ended(event, false);
      report.ended(events.get(event.payload()));
      reconciler.proceed();
    } else {
      started.put(channel, event);
      agent.started(event);
      report.started(events.get(event.payload()), position(event.id()));
    }
  }

  private static @Nullable Position position(String id) {
    if (id.startsWith("own")) {
      return null;
    }
    org.nethserver.events.api.spi.Position position =
        org.nethserver.events.api.spi.Position.parse(id);
    return new Position(
        Integer.parseInt(position.epoch().substring(EPOCH.length())),
        Math.toIntExact(position.n()));
  }

  @Override
  public Answer offer(Event event) {
    if (reconciler.settled() && waiting() >= PLACES) {
      return Answer.FULL;
    }
    Deque<Event> lane =
        lanes.computeIfAbsent(event.name().text().charAt(0), _ -> new ArrayDeque<>());
    lane.add(event);
    return Answer.TAKEN;
  }

  @Override
  public boolean hasRoom() {
    return waiting() <= PLACES / 2;
  }

  private int waiting() {
    return lanes.values().stream().mapToInt(Deque::size).sum();
  }

  @Override
  public void reject(Event event) {
    throw new AssertionError("there is room for all");
  }

  @Override
  public void gap(Journal.Entry entry) {
    report.gap(entries.get(entry));
  }

  @Override
  public void missed(Journal.Entry entry, String channel, String why) {
    throw new AssertionError("all payloads are there, and none is old: " + why);
  }

  @Override
  public void told(String what) {
    report.told(
        switch (what) {
          case Reconciler.UNCLEAR -> Agent.UNCLEAR;
          case Reconciler.TORN -> Agent.TORN;
          default -> what;
        });
  }

  @Override
  public void trimmed(long from, long to) {
    report.trimmed(from, to);
  }

  @Override
  public void dead(Journal.Entry entry, String channel) {
    report.dead(entries.get(entry).event());
  }

  @Override
  public void fingerprint(StringBuilder text) {
    throw new UnsupportedOperationException("its state is its own");
  }
}
