package org.nethserver.events.redis;

import io.lettuce.core.protocol.DecodeBufferPolicy;
import io.netty.buffer.ByteBuf;

/**
 * What becomes of the buffer in which bytes from the server wait to be decoded. It grows to the
 * largest message, up to 28 MiB; a daemon must not keep that for ever.
 */
final class ReadBuffer implements DecodeBufferPolicy {
  private static final int KEPT = 64 * 1024;
  private static final int LARGE = 1024 * 1024;

  /** Moves the rest of a message to the front where that frees most of the buffer, so seldom. */
  @Override
  public void afterPartialDecode(ByteBuf buffer) {
    if (buffer.readerIndex() > buffer.capacity() / 2) {
      buffer.discardReadBytes();
    }
  }

  @Override
  public void afterDecoding(ByteBuf buffer) {
    if (buffer.isReadable()) {
      afterPartialDecode(buffer);
      return;
    }
    buffer.clear();
    if (buffer.capacity() > LARGE) {
      buffer.capacity(KEPT);
    }
  }
}
