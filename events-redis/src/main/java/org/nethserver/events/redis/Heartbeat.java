package org.nethserver.events.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the other side is gone though the connection looks alive. After a silence it sends a
 * PING; any byte counts as life, an error reply too, and so does a part of a long message. After
 * two silences in a row the connection is closed.
 */
final class Heartbeat extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<Throwable> COMPLAINT =
      AttributeKey.valueOf(Heartbeat.class, "complaint");

  private static final int SILENCES = 2;

  private int silences;

  private Heartbeat() {}

  /** Adds a heartbeat to a connection; its clock looks at the bytes as they come from the wire. */
  static void install(Channel channel, Duration silence) {
    channel
        .pipeline()
        .addFirst(
            new IdleStateHandler(silence.toNanos(), 0, 0, TimeUnit.NANOSECONDS), new Heartbeat());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (!(event instanceof IdleStateEvent idle)) {
      super.userEventTriggered(context, event);
      return;
    }
    silences = idle.isFirst() ? 1 : silences + 1;
    if (silences == 1) {
      ping(context.channel());
    } else if (silences >= SILENCES) {
      complain(context, new SilenceException());
      context.close();
    }
  }

  /** Remembers what broke the connection: Lettuce logs that and goes on. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    complain(context, cause);
    context.fireExceptionCaught(cause);
  }

  private static void complain(ChannelHandlerContext context, Throwable cause) {
    context.channel().attr(COMPLAINT).set(cause);
  }

  /** Returns why a connection was closed, if this side knows a reason. */
  static @Nullable Throwable complaint(Channel channel) {
    return channel.attr(COMPLAINT).get();
  }

  private static void ping(Channel channel) {
    MessageHandler messages = channel.pipeline().get(MessageHandler.class);
    if (messages != null && messages.ping(channel)) {
      return;
    }
    // Straight into the pipeline: the reply is awaited by nobody, only its bytes are.
    channel.writeAndFlush(
        new AsyncCommand<>(
            new Command<>(CommandType.PING, new StatusOutput<>(ByteArrayCodec.INSTANCE))));
  }

  /** The other side sends nothing any more. */
  static final class SilenceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SilenceException() {
      // No stack trace: it says nothing, and the message is written in one place, the diagnosis.
      super("silence", null, false, false);
    }
  }
}
