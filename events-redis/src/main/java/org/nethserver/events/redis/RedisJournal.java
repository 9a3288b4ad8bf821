package org.nethserver.events.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.Journal.Content;
import org.nethserver.events.api.spi.Journal.Entry;
import org.nethserver.events.api.spi.Journal.Gap;
import org.nethserver.events.api.spi.Journal.Recorded;
import org.nethserver.events.api.spi.Position;

/** Reads the stream that recorders write. */
final class RedisJournal {
  private final KeptConnection connection;
  private final String address;
  private final String user;

  RedisJournal(KeptConnection connection, String address, String user) {
    this.connection = connection;
    this.address = address;
    this.user = user;
  }

  List<Entry> read(String key, String after, int most) throws IOException {
    return range(key, after.isEmpty() ? "-" : "(" + after, most);
  }

  List<Entry> readFrom(String key, String id, int most) throws IOException {
    return range(key, id.isEmpty() ? "-" : id, most);
  }

  private List<Entry> range(String key, String start, int most) throws IOException {
    return entries(
        key,
        CommandType.XRANGE,
        new CommandArgs<>(ByteArrayCodec.INSTANCE)
            .add(key)
            .add(start)
            .add("+")
            .add("COUNT")
            .add(most));
  }

  List<Entry> last(String key, int most) throws IOException {
    return entries(
            key,
            CommandType.XREVRANGE,
            new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add(key)
                .add("+")
                .add("-")
                .add("COUNT")
                .add(most))
        .reversed();
  }

  private List<Entry> entries(
      String key, CommandType command, CommandArgs<byte[], byte[]> arguments) throws IOException {
    AsyncCommand<byte[], byte[], List<Object>> reading =
        new AsyncCommand<>(
            new Command<>(command, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), arguments));
    String what = "the journal \"" + key + "\" at " + address;
    try {
      connection.connect().dispatch(reading);
      List<Entry> entries = new ArrayList<>();
      for (Object entry : connection.answer(reading)) {
        entries.add(entry((List<?>) entry));
      }
      return entries;
    } catch (ExecutionException | CancellationException e) {
      throw new IOException("cannot read " + what + ": " + why(key, e));
    } catch (TimeoutException e) {
      throw new IOException("cannot read " + what + ": timed out");
    }
  }

  private String why(String key, Exception failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String text = String.valueOf(cause.getMessage());
    if (cause instanceof RedisCommandExecutionException && text.startsWith("NOPERM")) {
      return "user \"%s\" may not; run ACL SETUSER %s +xrange +xrevrange %%R~%s"
          .formatted(user, user, key);
    }
    if (text.startsWith("WRONGTYPE")) {
      return "it is no stream; --key names the right one";
    }
    return Diagnosis.of(cause, user).why();
  }

  private static Entry entry(List<?> reply) {
    String id = text(reply.get(0));
    Map<String, byte[]> fields = new HashMap<>();
    List<?> pairs = (List<?>) reply.get(1);
    for (int i = 0; i < pairs.size(); i += 2) {
      fields.put(text(pairs.get(i)), (byte[]) pairs.get(i + 1));
    }
    int cut = id.indexOf('-');
    return new Entry(
        id,
        Instant.ofEpochMilli(Long.parseLong(id.substring(0, cut))),
        Long.parseLong(id.substring(cut + 1)),
        position(text(fields.getOrDefault(EntryFields.POSITION, new byte[0]))),
        content(fields));
  }

  /** None where somebody else than a recorder has written the entry. */
  private static Position position(String text) {
    try {
      return Position.parse(text);
    } catch (IllegalArgumentException e) {
      return Position.NONE;
    }
  }

  private static Content content(Map<String, byte[]> fields) {
    byte[] channel = fields.get(EntryFields.CHANNEL);
    if (channel == null) {
      return new Gap();
    }
    byte[] payload = fields.get(EntryFields.PAYLOAD);
    if (payload != null) {
      return new Recorded(channel, Payload.wrap(payload), Optional.empty(), payload.length);
    }
    return new Recorded(
        channel,
        Payload.EMPTY,
        Optional.of(text(fields.getOrDefault(EntryFields.WITHHELD, new byte[0]))),
        Long.parseLong(text(fields.getOrDefault(EntryFields.LENGTH, new byte[] {'0'}))));
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }
}
