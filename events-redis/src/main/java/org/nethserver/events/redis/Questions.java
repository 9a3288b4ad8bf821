package org.nethserver.events.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Asks a server what it may not want to tell. Once it is silent, it is not asked again. */
final class Questions {
  private final KeptConnection connection;
  private boolean silent;

  Questions(KeptConnection connection) {
    this.connection = connection;
  }

  /** A reply, or why there is none: the code of an error comes first. */
  record Answer(List<Object> reply, Optional<String> refusal) {
    /** Tells whether it is a matter of rights that there is none. */
    boolean isForbidden() {
      return refusal.isPresent() && refusal.get().startsWith("NOPERM");
    }

    /** Returns the reply's part as text. */
    String text(int part) {
      return part < reply.size() && reply.get(part) instanceof byte[] bytes
          ? new String(bytes, StandardCharsets.UTF_8)
          : "";
    }

    /** Returns the lines {@code KEY:VALUE} of a reply. */
    Map<String, String> fields() {
      Map<String, String> fields = new HashMap<>();
      for (String line : text(0).split("\r\n", -1)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          fields.put(line.substring(0, colon), line.substring(colon + 1));
        }
      }
      return fields;
    }

    private static Answer refused(String why) {
      return new Answer(List.of(), Optional.of(why));
    }
  }

  /** Tells whether a question was not answered at all. */
  boolean isSilent() {
    return silent;
  }

  Answer ask(CommandType command, String... words) {
    if (silent) {
      return Answer.refused("no answer");
    }
    CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    for (String word : words) {
      arguments.add(word);
    }
    AsyncCommand<byte[], byte[], List<Object>> asked =
        new AsyncCommand<>(
            new Command<>(command, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), arguments));
    try {
      connection.connect().dispatch(asked);
      return new Answer(connection.answer(asked), Optional.empty());
    } catch (ExecutionException | CancellationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Answer.refused(String.valueOf(cause.getMessage()));
    } catch (TimeoutException | IOException e) {
      silent = true;
      return Answer.refused("no answer");
    }
  }
}
