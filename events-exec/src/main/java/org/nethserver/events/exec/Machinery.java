package org.nethserver.events.exec;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * What all sources of the process share.
 *
 * @param spawner starts processes
 * @param loop waits for them
 * @param rules whom this process trusts
 * @param watch sees what changes in events directories
 */
record Machinery(Spawner spawner, ProcessLoop loop, TrustRules rules, DirectoryWatch watch)
    implements AutoCloseable {
  /**
   * Begins to make it, on a thread of its own that ends when it is made. Linking the C library
   * takes some 50 ms, which the agent spends better on connecting.
   */
  static Starting start() {
    Starting starting = new Starting(new CompletableFuture<>());
    Thread thread = new Thread(starting::make, "steps-start");
    thread.setDaemon(true);
    thread.start();
    return starting;
  }

  private static void tellUnwatched(String why) {
    System.getLogger(DirectoryWatch.class.getName())
        .log(
            Level.INFO,
            "each event looks into some events directories anew, since they cannot be watched: {0}",
            why);
  }

  @Override
  public void close() {
    loop.close();
    watch.close();
  }

  /**
   * The machinery, perhaps still being made.
   *
   * @param made completed by the starting thread
   */
  record Starting(CompletableFuture<Machinery> made) {
    private void make() {
      try {
        made.complete(
            new Machinery(
                Spawner.create(),
                new ProcessLoop(),
                TrustRules.ofThisProcess(),
                new DirectoryWatch(DirectoryWatch.MAX_WATCHES, Machinery::tellUnwatched)));
      } catch (RuntimeException | Error e) {
        // For whoever asks first, who can tell the administrator.
        made.completeExceptionally(e);
      }
    }

    /**
     * Returns it, waiting for it if need be.
     *
     * @throws IllegalStateException if it could not be made; the message says why
     */
    Machinery ready() {
      try {
        return made.join();
      } catch (CompletionException | CancellationException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        throw new IllegalStateException("scripts cannot be started: " + cause.getMessage(), cause);
      }
    }

    /** Returns what sees changes, without waiting for it. */
    Optional<DirectoryWatch> watch() {
      return made.isDone() && !made.isCompletedExceptionally()
          ? Optional.of(made.join().watch())
          : Optional.empty();
    }

    /** Takes it apart, unless it could not be made. */
    void ifMade(Consumer<Machinery> work) {
      try {
        work.accept(made.join());
      } catch (CompletionException | CancellationException e) {
        // Told by ready() to whoever wanted to use it.
        return;
      }
    }
  }
}
