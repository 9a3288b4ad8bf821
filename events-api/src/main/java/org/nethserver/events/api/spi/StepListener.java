package org.nethserver.events.api.spi;

import org.nethserver.events.api.Outcome;

/**
 * Hears of one start of one step. Implemented by the agent; called by steps in the order that
 * {@link Step#start} promises. Its methods throw nothing. {@link #started} and {@link #ended} are
 * quick; {@link #output} may block while the system log does.
 */
public interface StepListener {
  /** The step runs. Not called for a step that could not be started. */
  void started();

  /**
   * The step wrote a line.
   *
   * @param stream where it wrote to
   * @param line the line without its newline, at most {@link #MAX_LINE} bytes and a short note in
   *     brackets where more were cut; the array is the listener's from now on
   */
  void output(Stream stream, byte[] line);

  /**
   * The step ended.
   *
   * @param outcome how: {@link Outcome.Skipped} where {@link #started} was not called. A step that
   *     was stopped reports what it ended with ({@code Completed}, {@code Failed} or {@code
   *     Killed}); the agent knows why it stopped it
   */
  void ended(Outcome outcome);

  /** The longest line in bytes, 48 KiB: what the system log takes whole. */
  int MAX_LINE = 48 * 1024;

  /** Where a step wrote to. */
  enum Stream {
    /** Descriptor 1. */
    STDOUT,
    /** Descriptor 2. */
    STDERR
  }
}
