package org.nethserver.events.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.nethserver.events.api.spi.Position;
import org.nethserver.events.api.spi.Recorder;
import org.nethserver.events.redis.journal.Head;
import org.nethserver.events.redis.journal.Item;
import org.nethserver.events.redis.journal.JournalCommands;
import org.nethserver.events.redis.journal.Recording.Request;
import org.nethserver.events.redis.journal.Reply;
import org.nethserver.events.redis.journal.Word;

/**
 * Has a primary run {@code journal.lua}, by the connection that is subscribed: what is lost with it
 * is lost at once. Sent whole each time, since a server that has restarted knows no script by its
 * digest. On the event loop.
 */
final class JournalScript implements JournalCommands {
  private static final String RESOURCE = "journal/journal.lua";
  private static final byte[] GAP = bytes("gap");
  private static final byte[] IS = bytes("1");

  /** Hears of what came of a script. */
  interface Replies {
    /** A reply came. */
    void reply(Request request, Reply reply);

    /** The connection failed before it came; its end is told elsewhere. */
    void lost(Throwable failure);
  }

  private final Connection<byte[], byte[]> connection;
  private final Recorder.Plan plan;
  private final Replies replies;
  private final byte[] script = script();

  JournalScript(Connection<byte[], byte[]> connection, Recorder.Plan plan, Replies replies) {
    this.connection = connection;
    this.plan = plan;
    this.replies = replies;
  }

  private static byte[] script() {
    try (InputStream resource = JournalScript.class.getResourceAsStream(RESOURCE)) {
      return Objects.requireNonNull(resource, RESOURCE).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the name of the hash that tells where a journal ends. */
  static String stateKey(String key) {
    return key + "/recorders";
  }

  @Override
  public void mark(String identity, String epoch, boolean whole) {
    run(Request.MARK, begin("mark", identity).add(epoch).add(whole ? "whole" : "joining"));
  }

  @Override
  public void say(String identity, Word.Recorded word) {
    run(
        Request.SAY,
        begin("say", identity)
            .add(word.epoch())
            .add(word.head().position().toString())
            .add(word.head().number()));
  }

  @Override
  public void append(String identity, Position after, List<Item> items) {
    CommandArgs<byte[], byte[]> arguments = beginEntries("append", identity, after);
    for (Item item : items) {
      arguments.add(item.position().toString()).add(item.fields().size());
      item.fields().forEach(arguments::add);
    }
    run(Request.JOURNAL, arguments);
  }

  @Override
  public void gap(String identity, Position expected, Position start) {
    run(
        Request.JOURNAL,
        beginEntries("gap", identity, expected).add(start.toString()).add(GAP).add(IS));
  }

  private CommandArgs<byte[], byte[]> begin(String what, String identity) {
    return new CommandArgs<>(ByteArrayCodec.INSTANCE)
        .add(script)
        .add(2)
        .add(plan.key())
        .add(stateKey(plan.key()))
        .add(what)
        .add(identity);
  }

  private CommandArgs<byte[], byte[]> beginEntries(String what, String identity, Position after) {
    return begin(what, identity)
        .add(after.toString())
        .add(plan.events())
        .add(plan.bytes())
        .add(plan.age().toMillis());
  }

  private void run(Request request, CommandArgs<byte[], byte[]> arguments) {
    AsyncCommand<byte[], byte[], List<Object>> command =
        new AsyncCommand<>(
            new Command<>(
                CommandType.EVAL, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), arguments));
    command.whenComplete(
        (answer, failure) -> {
          if (failure instanceof RedisCommandExecutionException refusal) {
            replies.reply(request, new Reply.Refused(String.valueOf(refusal.getMessage())));
          } else if (failure != null) {
            replies.lost(failure);
          } else {
            replies.reply(request, reply(answer));
          }
        });
    connection.dispatch(command);
  }

  private static Reply reply(List<Object> answer) {
    return switch (text(answer, 0)) {
      case "marked" -> new Reply.Marked(text(answer, 1), head(answer, 2));
      case "appended" -> new Reply.Appended(head(answer, 1));
      case "elsewhere" -> new Reply.Elsewhere(head(answer, 1));
      case "said" -> new Reply.Said();
      default -> new Reply.Another();
    };
  }

  private static Head head(List<Object> answer, int index) {
    return new Head(Position.parse(text(answer, index)), Long.parseLong(text(answer, index + 1)));
  }

  private static String text(List<Object> answer, int index) {
    return new String((byte[]) answer.get(index), StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
