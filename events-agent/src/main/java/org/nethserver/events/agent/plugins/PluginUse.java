package org.nethserver.events.agent.plugins;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who still needs a plugin: the directory that lists it, the steps of each reload that has runs
 * left, and the calls inside it. When the last lets go the plugin is closed, and never before.
 *
 * <p>Threads: any.
 */
final class PluginUse {
  /** The one who made it is the first. */
  private final AtomicInteger users = new AtomicInteger(1);

  private final Runnable whenUnused;
  private volatile boolean stuck;
  private volatile boolean pinned;

  PluginUse(Runnable whenUnused) {
    this.whenUnused = whenUnused;
  }

  /** One more needs it. Only who needs it, or has it of one who does, may say so. */
  void retain() {
    users.incrementAndGet();
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      whenUnused.run();
    }
  }

  /** A call was given up: no more is made. */
  void stick() {
    stuck = true;
  }

  boolean isStuck() {
    return stuck;
  }

  /** It provides what lasts as long as the process: it cannot be replaced. */
  void pin() {
    pinned = true;
  }

  boolean isPinned() {
    return pinned;
  }
}
