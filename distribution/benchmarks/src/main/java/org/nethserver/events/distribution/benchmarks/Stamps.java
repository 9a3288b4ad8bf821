package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is shared with what answers events: how many were answered, and when each was. To
 * look at it costs neither side a call of the kernel.
 */
final class Stamps {
  /** The largest number of events in one block. */
  static final int CAPACITY = 1 << 20;

  private static final VarHandle SLOT =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer slots;

  Stamps(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      slots = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES * (1L + CAPACITY));
    }
  }

  /** Forgets what was stamped; the first events of a block have their pages then. */
  void clear(int events) {
    for (int slot = 0; slot <= events; slot++) {
      SLOT.set(slots, Long.BYTES * slot, 0L);
    }
    VarHandle.fullFence();
  }

  /** How many events were answered since. */
  int count() {
    return (int) (long) SLOT.getVolatile(slots, 0);
  }

  /** When an event was answered, by {@link System#nanoTime}; 0 if it was not. */
  long time(int event) {
    return (long) SLOT.get(slots, Long.BYTES * (1 + event));
  }
}
