package org.nethserver.events.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Sends events, each at most once. Its connection is kept for the next event; when it is lost, so
 * is what was on its way, since nothing here is sent twice.
 */
final class RedisPublisher {
  /** What Lettuce says when the connection was gone before it could send. */
  private static final String NOT_SENT = "Currently not connected";

  private final KeptConnection connection;
  private final String address;
  private final String user;

  RedisPublisher(KeptConnection connection, String address, String user) {
    this.connection = connection;
    this.address = address;
    this.user = user;
  }

  long publish(byte[] channel, byte[] payload) throws IOException {
    String what = "event \"" + shown(channel) + "\" to " + address;
    Connection<byte[], byte[]> open = connect(what);
    AsyncCommand<byte[], byte[], Long> command =
        new AsyncCommand<>(
            new Command<>(
                CommandType.PUBLISH,
                new IntegerOutput<>(ByteArrayCodec.INSTANCE),
                new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(channel).addValue(payload)));
    open.dispatch(command);
    try {
      return connection.answer(command);
    } catch (ExecutionException | CancellationException e) {
      throw new IOException(refusal(what, channel, e));
    } catch (TimeoutException e) {
      // Its answer may come later, and must not be taken for the answer to the next.
      open.closeAsync();
      throw new IOException(
          unknown(what, "no answer within " + connection.patience().toSeconds() + " s"));
    }
  }

  private Connection<byte[], byte[]> connect(String what) throws IOException {
    try {
      return connection.connect();
    } catch (ExecutionException | CancellationException e) {
      throw new IOException("cannot send " + what + ": " + Diagnosis.of(e, user).why());
    } catch (TimeoutException e) {
      throw new IOException("cannot send " + what + ": timed out");
    }
  }

  private String refusal(String what, byte[] channel, Exception failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    boolean sent = !String.valueOf(cause.getMessage()).startsWith(NOT_SENT);
    if (sent && !(cause instanceof RedisCommandExecutionException)) {
      return unknown(what, Diagnosis.of(cause, user).why());
    }
    if (String.valueOf(cause.getMessage()).startsWith("NOPERM")) {
      return "user \"%s\" may not publish to \"%s\" at %s; run ACL SETUSER %s +publish &%s"
          .formatted(user, shown(channel), address, user, shown(channel));
    }
    return "cannot send " + what + ": " + Diagnosis.of(cause, user).why();
  }

  private static String unknown(String what, String why) {
    return "nobody knows whether %s was sent: %s; look before you send it again"
        .formatted(what, why);
  }

  private static String shown(byte[] channel) {
    String text = new String(channel, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }
}
