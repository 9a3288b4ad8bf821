package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Assertions;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.spi.LookUp;

/** What is known of a real events directory, on a clock that the test moves. */
final class WatchedNames implements AutoCloseable {
  private final DirectoryWatch watch;
  private final boolean owner;
  private final KnownNames known;
  private Instant now = Instant.EPOCH;
  private NameSet learnt = new NameSet();

  private WatchedNames(Path directory, DirectoryWatch watch, boolean owner) {
    this.watch = watch;
    this.owner = owner;
    this.known = new KnownNames(PathBytes.of(directory), watch, () -> now, names -> learnt = names);
  }

  WatchedNames(Path directory, DirectoryWatch watch) {
    this(directory, watch, true);
  }

  WatchedNames(Path directory) {
    this(directory, new DirectoryWatch(DirectoryWatch.MAX_WATCHES, Assertions::fail));
  }

  /** Another directory, watched together with one. */
  WatchedNames(Path directory, WatchedNames other) {
    this(directory, other.watch, false);
  }

  /** Lets time pass. */
  void after(Duration time) {
    now = now.plus(time);
  }

  /** Asks by a look-up of its own. */
  boolean lack(String event) {
    return lack(event, new LookUp.Moment());
  }

  boolean lack(String event, LookUp.Moment moment) {
    return known.lack(new LookUp(new EventName(event), moment));
  }

  /** Tells whether the event is known to be none, when there was time enough to read all names. */
  boolean lackAtLength(String event) {
    after(Duration.ofMinutes(5));
    // The look-up that reads the names does not go by them.
    lack(event);
    return lack(event);
  }

  void learnThatThereIsNo(String event) {
    assertTrue(lackAtLength(event), "the directory is not known");
  }

  /** Returns how many names were read last, with {@code .} and {@code ..}. */
  int learnt() {
    return learnt.size();
  }

  @Override
  public void close() {
    known.close();
    if (owner) {
      watch.close();
    }
  }

  /** Runs a shell's command line, which must not fail. */
  static void shell(String line) throws IOException {
    try {
      Process process = new ProcessBuilder("/bin/sh", "-ec", line).inheritIO().start();
      int status = process.waitFor();
      assertTrue(status == 0, () -> "status " + status + ": " + line);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
