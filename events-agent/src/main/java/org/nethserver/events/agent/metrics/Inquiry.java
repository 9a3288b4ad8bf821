package org.nethserver.events.agent.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Prepares a page once for all who wait for it: whoever asks often leaves no more tasks on a thread
 * that is stuck than one each time that the patience for it is over. A question may get lost, where
 * the connection to Redis or the steps of an agent end meanwhile: then it is asked again.
 *
 * <p>Lives on the server's thread.
 */
final class Inquiry {
  private final Page page;
  private final Duration patience;
  private final Executor server;
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean asked;
  private long askedAt;

  /**
   * Makes one that asks nothing yet.
   *
   * @param patience how long an answer may take
   * @param server the server's thread
   */
  Inquiry(Page page, Duration patience, Executor server) {
    this.page = page;
    this.patience = patience;
    this.server = server;
  }

  Page page() {
    return page;
  }

  /** Returns how long an answer may take. */
  Duration patience() {
    return patience;
  }

  /** Runs this when the page is ready. */
  void ask(Runnable whenReady) {
    waiting.add(whenReady);
    long now = System.nanoTime();
    if (!asked || now - askedAt >= patience.toNanos()) {
      asked = true;
      askedAt = now;
      page.prepare(() -> server.execute(this::answered));
    }
  }

  /** Waits for it no longer. */
  void leave(Runnable whenReady) {
    waiting.remove(whenReady);
  }

  private void answered() {
    asked = false;
    List<Runnable> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(Runnable::run);
  }
}
