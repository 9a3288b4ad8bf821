package org.nethserver.events.agent.command;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.Journal;

/**
 * Looks for an event in the journal behind where that ended before the event was sent. One of the
 * same channel and bytes stands for it, whoever sent that.
 */
final class Confirmation {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int PART = 256;

  private final Journal journal;
  private final String key;
  private String after;

  private Confirmation(Journal journal, String key, String after) {
    this.journal = journal;
    this.key = key;
    this.after = after;
  }

  /** Notes where the journal ends now. */
  static Confirmation begin(Journal journal, String key) throws IOException {
    List<Journal.Entry> last = journal.last(key, 1);
    return new Confirmation(journal, key, last.isEmpty() ? "" : last.getLast().id());
  }

  /** Waits for the event's entry, and returns the event's id; nothing if none came in time. */
  Optional<String> await(byte[] channel, Payload payload) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    do {
      List<Journal.Entry> entries = journal.read(key, after, PART);
      for (Journal.Entry entry : entries) {
        after = entry.id();
        if (entry.content() instanceof Journal.Recorded recorded
            && Arrays.equals(recorded.channel(), channel)
            && isSame(recorded, payload)) {
          return Optional.of(entry.position().toString());
        }
      }
      if (entries.size() < PART) {
        pause();
      }
    } while (System.nanoTime() < end);
    return Optional.empty();
  }

  private static boolean isSame(Journal.Recorded recorded, Payload payload) {
    return recorded.withheld().isPresent()
        ? recorded.length() == payload.size()
        : recorded.payload().equals(payload);
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
