package org.nethserver.events.agent.journal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.nethserver.events.api.spi.Journal;

/**
 * Reads on a thread of its own, which also brings states to the disk: both may take long.
 *
 * <p>Threads: any.
 */
final class JournalReader implements JournalReading, AutoCloseable {
  private static final long RETRY_MILLIS = 1_000;

  /** Hears of a journal that cannot be read, and when it can be again. */
  interface Listener {
    void unreadable(String why);

    void readable();
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  private final Supplier<Journal> journal;
  private final String key;
  private final Executor dispatcher;
  private final Listener listener;
  private final ThreadPoolExecutor thread;
  private volatile boolean closed;
  private String told = "";

  JournalReader(Supplier<Journal> journal, String key, Executor dispatcher, Listener listener) {
    this.journal = journal;
    this.key = key;
    this.dispatcher = dispatcher;
    this.listener = listener;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread made = new Thread(task, "journal");
              made.setDaemon(true);
              return made;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    this.thread.allowCoreThreadTimeOut(true);
  }

  void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public void from(Place place, int most, Consumer<List<Journal.Entry>> reply) {
    read(() -> journal.get().readFrom(key, place.id(), most), reply);
  }

  @Override
  public void last(int most, Consumer<List<Journal.Entry>> reply) {
    read(() -> journal.get().last(key, most), reply);
  }

  @Override
  public void find(List<Place> places, BiConsumer<Optional<Place>, Optional<Journal.Entry>> reply) {
    read(
        () -> {
          Optional<Place> found = Optional.empty();
          for (Place place : places) {
            if (!place.isStart() && isThere(place)) {
              found = Optional.of(place);
              break;
            }
          }
          Optional<Journal.Entry> first =
              journal.get().readFrom(key, Place.START.id(), 1).stream().findFirst();
          return new Found(found, first);
        },
        found -> reply.accept(found.place(), found.first()));
  }

  /** Reads one entry, if it is there. */
  void entry(String id, Consumer<Optional<Journal.Entry>> reply) {
    read(
        () ->
            journal.get().readFrom(key, id, 1).stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst(),
        reply);
  }

  private record Found(Optional<Place> place, Optional<Journal.Entry> first) {}

  private boolean isThere(Place place) throws IOException {
    List<Journal.Entry> there = journal.get().readFrom(key, place.id(), 1);
    return !there.isEmpty() && Place.of(there.getFirst()).equals(place);
  }

  private <T> void read(Reading<T> reading, Consumer<T> reply) {
    thread.execute(
        () -> {
          while (!closed) {
            try {
              T read = reading.read();
              dispatcher.execute(() -> reply.accept(read));
              tell("");
              return;
            } catch (IOException e) {
              tell(String.valueOf(e.getMessage()));
              pause();
            }
          }
        });
  }

  private void tell(String why) {
    if (!why.equals(told)) {
      boolean over = why.isEmpty();
      told = why;
      dispatcher.execute(
          () -> {
            if (over) {
              listener.readable();
            } else {
              listener.unreadable(why);
            }
          });
    }
  }

  private void pause() {
    try {
      Thread.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.shutdownNow();
  }
}
