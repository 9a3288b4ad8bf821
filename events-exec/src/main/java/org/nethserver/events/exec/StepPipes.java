package org.nethserver.events.exec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The three pipes between this process and a step; remembers which ends are open. */
final class StepPipes {
  private static final int CLOSED = -1;
  private static final int IN = 0;
  private static final int OUT = 2;
  private static final int ERR = 4;

  /** Read end and write end of stdin, stdout and stderr. */
  private final int[] ends = new int[6];

  StepPipes() {
    Arrays.fill(ends, CLOSED);
  }

  /**
   * Opens all; our ends of the outputs do not block.
   *
   * @param descriptors memory for two ints
   * @return 0, or the error that left some open: close
   */
  int open(MemorySegment descriptors) {
    for (int i = 0; i < ends.length; i += 2) {
      int error = Posix.pipe(descriptors.address());
      if (error < 0) {
        return error;
      }
      ends[i] = descriptors.getAtIndex(ValueLayout.JAVA_INT, 0);
      ends[i + 1] = descriptors.getAtIndex(ValueLayout.JAVA_INT, 1);
    }
    // A flag of each end by itself: the step's end goes on blocking.
    Posix.stopBlocking(ends[OUT]);
    Posix.stopBlocking(ends[ERR]);
    return 0;
  }

  int stdinRead() {
    return ends[IN];
  }

  int stdinWrite() {
    return ends[IN + 1];
  }

  int stdoutRead() {
    return ends[OUT];
  }

  int stdoutWrite() {
    return ends[OUT + 1];
  }

  int stderrRead() {
    return ends[ERR];
  }

  int stderrWrite() {
    return ends[ERR + 1];
  }

  void closeStdinWrite() {
    close(IN + 1);
  }

  void closeChildEnds() {
    close(IN);
    close(OUT + 1);
    close(ERR + 1);
  }

  void close() {
    for (int i = 0; i < ends.length; i++) {
      close(i);
    }
  }

  private void close(int end) {
    if (ends[end] != CLOSED) {
      Posix.close(ends[end]);
      ends[end] = CLOSED;
    }
  }
}
