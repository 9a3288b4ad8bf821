package org.nethserver.events.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.redis.journal.Word;

/** Subscribes as an agent does, keeps nothing of what it hears, and counts recorders. */
final class Listening implements EventSink {
  /** Each recorder says that it is there once a second. */
  static final Duration SPAN = Duration.ofMillis(2500);

  /** An empty text once it is subscribed, else why it is not. */
  private final CompletableFuture<String> end = new CompletableFuture<>();

  private final AtomicInteger markers = new AtomicInteger();

  @Override
  public void subscribed() {
    end.complete("");
  }

  @Override
  public void unavailable(String why) {
    end.complete(why);
  }

  @Override
  public void received(byte[] channel, byte[] payload) {
    if (Word.isOn(channel)
        && Word.parse(payload).filter(Word.Marker.class::isInstance).isPresent()) {
      markers.incrementAndGet();
    }
  }

  /** Waits for the confirmation; an empty text, or why there is none. */
  String outcome(Duration limit) throws InterruptedException {
    try {
      return end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return "the subscription was not confirmed: timed out";
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    }
  }

  /** Returns how many recorders there are, after having listened for {@link #SPAN}. */
  int recorders() {
    return recorders(markers.get());
  }

  /** One is heard two or three times, two four to six times. */
  static int recorders(int markers) {
    return markers == 0 ? 0 : Math.max(1, Math.toIntExact(Math.round(markers / 2.5)));
  }
}
