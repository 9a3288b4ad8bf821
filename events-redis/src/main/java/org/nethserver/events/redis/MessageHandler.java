package org.nethserver.events.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.pubsub.PubSubCommandHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.charset.StandardCharsets;

/**
 * Lettuce's decoder with a short way for what comes by the thousands: whole messages of a pattern,
 * {@code >4 pmessage PATTERN CHANNEL PAYLOAD}. Lettuce takes each apart into lists of buffers,
 * copies these twice and looks types up by name; this costs a fraction of the time, and a payload
 * of 28 MiB is copied once. All else, and whatever Lettuce has begun, is Lettuce's.
 */
final class MessageHandler extends PubSubCommandHandler<byte[], byte[]> {
  private static final byte[] HEAD =
      ">4\r\n$8\r\npmessage\r\n$".getBytes(StandardCharsets.US_ASCII);

  /** What a push does not begin with; see {@link #lettuceIsIdle}. */
  private static final ByteBuf NO_PUSH =
      Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[] {'+'}).asReadOnly());

  private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int INCOMPLETE = -1;

  /** What Redis lets through to subscribers unless told otherwise. */
  private static final int LARGEST = 32 * 1024 * 1024;

  private final Messages<byte[], byte[]> messages;
  private final ReadBuffer readBuffer = new ReadBuffer();

  /**
   * Another push than a message has come: RESP3, where what answers a PING cannot be mistaken for a
   * message.
   */
  private boolean pushes;

  /** The last command was the subscription: nothing but messages comes, and answers to PINGs. */
  private boolean onlyListens;

  private boolean pinged;

  /** Where {@link #length} ended: behind the length and its line end. */
  private int position;

  private MessageHandler(ClientOptions options, Messages<byte[], byte[]> messages) {
    super(options, messages.getClientResources(), ByteArrayCodec.INSTANCE, messages);
    this.messages = messages;
  }

  /** Takes the place of Lettuce's decoder on a connection that can subscribe. */
  static void install(Channel channel, ClientOptions options) {
    PubSubCommandHandler<?, ?> stock = channel.pipeline().get(PubSubCommandHandler.class);
    if (stock != null) {
      @SuppressWarnings("unchecked") // The client makes no other kind.
      Messages<byte[], byte[]> messages = (Messages<byte[], byte[]>) stock.getEndpoint();
      channel.pipeline().replace(stock, null, new MessageHandler(options, messages));
    }
  }

  /**
   * Sends a PING beside Lettuce, whose way of a command and its reply takes an idle process more
   * time than all else; where that is safe.
   *
   * @return false if it is not
   */
  boolean ping(Channel channel) {
    ChannelHandlerContext encoder = channel.pipeline().context(CommandEncoder.class);
    if (!pushes || !onlyListens || !lettuceIsIdle() || encoder == null) {
      return false;
    }
    pinged = true;
    encoder.writeAndFlush(Unpooled.wrappedBuffer(PING));
    return true;
  }

  private boolean isPong(ByteBuf buffer) {
    byte kind = pinged && buffer.isReadable() ? buffer.getByte(buffer.readerIndex()) : 0;
    return kind == '+' || kind == '-';
  }

  /** Passes over a line; false if not all of it is there. */
  private static boolean takeLine(ByteBuf buffer) {
    int start = buffer.readerIndex();
    int end = buffer.indexOf(start, buffer.writerIndex(), (byte) '\n');
    buffer.readerIndex(end < 0 ? start : end + 1);
    return end >= 0;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    onlyListens =
        message instanceof RedisCommand<?, ?, ?> command
            && command.getType() == CommandType.PSUBSCRIBE;
    super.write(context, message, promise);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf buffer) throws InterruptedException {
    try {
      while (lettuceIsIdle() && (startsLikeMessage(buffer) || isPong(buffer))) {
        if (!(isPong(buffer) ? takeLine(buffer) : takeMessage(buffer))) {
          readBuffer.afterPartialDecode(buffer);
          return;
        }
      }
    } catch (Throwable e) {
      // As Lettuce does it: Throwable, memory for a large message may be wanting. What follows in
      // the buffer makes no sense any more; a new connection begins cleanly.
      context.close();
      throw e;
    }
    if (buffer.isReadable()) {
      pushes |= buffer.getByte(buffer.readerIndex()) == '>';
      super.decode(context, buffer);
    } else {
      readBuffer.afterDecoding(buffer);
    }
  }

  /**
   * Returns whether Lettuce is between two replies. It has begun a reply only if a command waits
   * for one, and a push only if it would take any byte for the push's next.
   */
  private boolean lettuceIsIdle() {
    return getStack().isEmpty() && !isPushDecode(NO_PUSH);
  }

  private static boolean startsLikeMessage(ByteBuf buffer) {
    int start = buffer.readerIndex();
    int length = Math.min(HEAD.length, buffer.readableBytes());
    for (int i = 0; i < length; i++) {
      if (buffer.getByte(start + i) != HEAD[i]) {
        return false;
      }
    }
    return length > 0;
  }

  /** Hands one message over; leaves the buffer as it is, and returns false, if it is not whole. */
  private boolean takeMessage(ByteBuf buffer) {
    int patternLength = length(buffer, buffer.readerIndex() + HEAD.length);
    int pattern = position;
    if (patternLength == INCOMPLETE) {
      return false;
    }
    int channelLength = length(buffer, pattern + patternLength + 3);
    int channel = position;
    if (channelLength == INCOMPLETE) {
      return false;
    }
    int payloadLength = length(buffer, channel + channelLength + 3);
    int payload = position;
    int end = payload + payloadLength + 2;
    if (payloadLength == INCOMPLETE) {
      return false;
    }
    if (end > buffer.writerIndex()) {
      // Room for all of it at once: grown bit by bit, a large message would be copied many times.
      buffer.ensureWritable(Math.min(end - buffer.writerIndex(), LARGEST));
      return false;
    }
    byte[] patternBytes = bytes(buffer, pattern, patternLength);
    byte[] channelBytes = bytes(buffer, channel, channelLength);
    byte[] payloadBytes = bytes(buffer, payload, payloadLength);
    // Before the call: it must not come again, whatever happens there.
    buffer.readerIndex(end);
    messages.received(patternBytes, channelBytes, payloadBytes);
    return true;
  }

  /** Reads a length that ends with CR LF; {@link #INCOMPLETE} if not all of it is there. */
  private int length(ByteBuf buffer, int start) {
    int length = 0;
    for (int i = start; i + 1 < buffer.writerIndex(); i++) {
      byte digit = buffer.getByte(i);
      if (digit == '\r') {
        position = i + 2;
        return length;
      }
      length = length * 10 + (digit - '0');
    }
    return INCOMPLETE;
  }

  private static byte[] bytes(ByteBuf buffer, int start, int length) {
    byte[] bytes = new byte[length];
    buffer.getBytes(start, bytes);
    return bytes;
  }
}
