package org.nethserver.events.redis;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;

/**
 * Gives buffers on the heap only. Netty reads sockets into new direct ones, which on JDKs without
 * unsafe memory access it leaves to the garbage collector: this one sees little garbage and is in
 * no hurry, while native memory grows up to the limit of the heap. The JDK's own reading and
 * writing of a heap buffer goes through one direct buffer that the thread keeps.
 */
final class HeapBuffers extends AbstractByteBufAllocator {
  HeapBuffers() {
    super(false);
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return newHeapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }
}
