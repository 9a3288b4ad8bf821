package org.nethserver.events.exec;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepListener;

/** Remembers what it is told, in order. */
final class RecordingListener implements StepListener {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> calls = new ArrayList<>();
  private final List<byte[]> stdout = new ArrayList<>();
  private final List<byte[]> stderr = new ArrayList<>();
  private @Nullable Outcome outcome;

  @Override
  public synchronized void started() {
    calls.add("started");
    notifyAll();
  }

  @Override
  public synchronized void output(Stream stream, byte[] line) {
    calls.add("output");
    (stream == Stream.STDOUT ? stdout : stderr).add(line);
    notifyAll();
  }

  @Override
  public synchronized void ended(Outcome how) {
    calls.add("ended");
    outcome = how;
    notifyAll();
  }

  /** Waits until a line that contains a text has come on stdout. */
  void awaitLine(String text) {
    await("a line with " + text, () -> stdout().stream().anyMatch(line -> line.contains(text)));
  }

  Outcome awaitEnd() {
    await("the end of the step", () -> outcome != null);
    return Objects.requireNonNull(outcome);
  }

  private synchronized void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("waited in vain for " + what + "; heard " + this);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  synchronized boolean hasEnded() {
    return outcome != null;
  }

  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  synchronized List<byte[]> stdoutBytes() {
    return List.copyOf(stdout);
  }

  List<String> stdout() {
    return text(stdoutBytes());
  }

  synchronized List<String> stderr() {
    return text(stderr);
  }

  private static List<String> text(List<byte[]> lines) {
    return lines.stream().map(line -> new String(line, StandardCharsets.UTF_8)).toList();
  }

  @Override
  public synchronized String toString() {
    return calls.size() + " calls, stdout " + text(stdout) + ", stderr " + text(stderr);
  }
}
