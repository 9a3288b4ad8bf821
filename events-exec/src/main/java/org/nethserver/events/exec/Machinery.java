package org.nethserver.events.exec;

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
 */
record Machinery(Spawner spawner, ProcessLoop loop, TrustRules rules) implements AutoCloseable {
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

  @Override
  public void close() {
    loop.close();
  }

  /**
   * The machinery, perhaps still being made.
   *
   * @param made completed by the starting thread
   */
  record Starting(CompletableFuture<Machinery> made) {
    private void make() {
      try {
        made.complete(new Machinery(new Spawner(), new ProcessLoop(), TrustRules.ofThisProcess()));
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
