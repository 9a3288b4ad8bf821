package org.nethserver.events.distribution.journal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.nethserver.events.redis.journal.Item;
import org.nethserver.events.redis.journal.JournalCommands;
import org.nethserver.events.redis.journal.Recording;
import org.nethserver.events.redis.journal.Recording.Request;
import org.nethserver.events.redis.journal.Reply;
import org.nethserver.events.redis.journal.Word;

/** The recorder that is built, in the model's world. */
final class BuiltRecorder implements AnyRecorder, JournalCommands {
  private static final String EPOCH = "e";

  private final int name;
  private final IntSupplier epochs;
  private final Consumer<Command> out;
  private final Runnable beginAnew;
  private final Recording recording;
  private final Map<String, Message.Event> events = new HashMap<>();
  private final Queue<Request> unanswered = new ArrayDeque<>();

  BuiltRecorder(
      int name, Set<Rule> rules, IntSupplier epochs, Consumer<Command> out, Runnable beginAnew) {
    this.name = name;
    this.epochs = epochs;
    this.out = out;
    this.beginAnew = beginAnew;
    this.recording = new Recording(this, beginAnew);
    if (!rules.equals(Set.of(Rule.values()))) {
      throw new IllegalArgumentException("what is built keeps all rules");
    }
  }

  @Override
  public boolean whole() {
    return recording.state() == Recording.State.WHOLE;
  }

  @Override
  public boolean canLosePatience() {
    return recording.canLosePatience();
  }

  @Override
  public void losePatience() {
    recording.losePatience();
  }

  @Override
  public boolean canMark() {
    return !unanswered.contains(Request.MARK);
  }

  @Override
  public void mark() {
    recording.mark(EPOCH + epochs.getAsInt());
  }

  @Override
  public void dropQueue() {
    recording.dropQueue("of the model");
  }

  /** It has one connection: what is lost is lost together. */
  @Override
  public void commandsLost() {
    beginAnew.run();
  }

  @Override
  public void hear(Message message) {
    switch (message) {
      case Message.Event event -> {
        String serial = Integer.toString(event.serial());
        events.put(serial, event);
        recording.hear(List.of(serial.getBytes(StandardCharsets.US_ASCII)));
      }
      case Message.Marker(int epoch, _, boolean whole) ->
          recording.hear(new Word.Marker(EPOCH + epoch, whole));
      case Message.Recorded(int epoch, Head head) ->
          recording.hear(new Word.Recorded(EPOCH + epoch, built(head)));
    }
  }

  @Override
  public void reply(Command.Reply reply) {
    recording.reply(
        unanswered.remove(),
        switch (reply) {
          case Command.Marked(_, Head head, long identity) ->
              new Reply.Marked(Long.toString(identity), built(head));
          case Command.Appended(Head head) -> new Reply.Appended(built(head));
          case Command.Mismatch(Head head) -> new Reply.Elsewhere(built(head));
          case Command.Another() -> new Reply.Another();
          case Command.Refused() -> new Reply.Refused("OOM");
          case Command.Said() -> new Reply.Said();
          case Command.Contents _ -> throw new AssertionError("recorders read nothing");
        });
  }

  @Override
  public void mark(String identity, String epoch, boolean whole) {
    send(
        Request.MARK,
        new Command.Mark(of(identity), new Message.Marker(epoch(epoch), name, whole)));
  }

  @Override
  public void append(
      String identity, org.nethserver.events.api.spi.Position after, List<Item> items) {
    send(
        Request.JOURNAL,
        new Command.Append(
            of(identity), modelled(after), items.stream().map(this::modelled).toList()));
  }

  @Override
  public void gap(
      String identity,
      org.nethserver.events.api.spi.Position expected,
      org.nethserver.events.api.spi.Position start) {
    send(Request.JOURNAL, new Command.Gap(of(identity), modelled(expected), modelled(start)));
  }

  @Override
  public void say(String identity, Word.Recorded word) {
    Head head = new Head(modelled(word.head().position()), word.head().number());
    send(
        Request.SAY,
        new Command.Say(of(identity), new Message.Recorded(epoch(word.epoch()), head)));
  }

  private void send(Request request, Command command) {
    unanswered.add(request);
    out.accept(command);
  }

  private Command.Item modelled(Item item) {
    String serial = new String(item.fields().getFirst(), StandardCharsets.US_ASCII);
    return new Command.Item(modelled(item.position()), events.get(serial));
  }

  private static long of(String identity) {
    return identity.isEmpty() ? 0 : Long.parseLong(identity);
  }

  private static int epoch(String text) {
    return Integer.parseInt(text.substring(EPOCH.length()));
  }

  private static Position modelled(org.nethserver.events.api.spi.Position position) {
    return position.epoch().isEmpty()
        ? Position.NONE
        : new Position(epoch(position.epoch()), Math.toIntExact(position.n()));
  }

  private static org.nethserver.events.redis.journal.Head built(Head head) {
    Position position = head.position();
    return new org.nethserver.events.redis.journal.Head(
        position.equals(Position.NONE)
            ? org.nethserver.events.api.spi.Position.NONE
            : new org.nethserver.events.api.spi.Position(EPOCH + position.epoch(), position.n()),
        head.number());
  }

  @Override
  public void fingerprint(StringBuilder text) {
    throw new UnsupportedOperationException("its state is its own");
  }
}
