package org.nethserver.events.agent.handlers;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The threads that call handlers, each at a numbered place of a fixed number of places. They are
 * platform threads: foreign code may spin, and spinning virtual threads would stop all others.
 *
 * <p>A thread is made where none is idle; of the idle ones that which was used last is taken, so
 * that the others grow old and end. A place is free again when its thread has ended, not before.
 *
 * <p>Threads: any; a lock guards a few words.
 */
final class HandlerThreads implements AutoCloseable {
  private final int places;
  private final RunningHandlers running;

  /** Guarded by this, as all below: the one that was used last comes first. */
  private final Deque<HandlerThread> idle = new ArrayDeque<>();

  private final BitSet taken = new BitSet();
  private int generation;
  private boolean closed;

  HandlerThreads(int places) {
    this.places = places;
    this.running = new RunningHandlers(places);
  }

  int places() {
    return places;
  }

  /**
   * Takes an idle thread or makes one.
   *
   * @return the thread, which waits for its call; null if all places are taken
   * @throws OutOfMemoryError if the system allows no more threads
   */
  synchronized @Nullable HandlerThread take() {
    HandlerThread last = idle.pollFirst();
    return last == null ? make() : last;
  }

  private @Nullable HandlerThread make() {
    int place = taken.nextClearBit(0);
    if (place >= places || closed) {
      return null;
    }
    HandlerThread made = new HandlerThread(this, running, place, generation);
    made.start();
    taken.set(place);
    return made;
  }

  /** Takes a thread back after its call; false if it should end, and then its place is free. */
  synchronized boolean free(HandlerThread thread) {
    if (closed || thread.generation() != generation) {
      taken.clear(thread.place());
      return false;
    }
    idle.addFirst(thread);
    return true;
  }

  /** An idle thread has become old: true if it should end, and then its place is free. */
  synchronized boolean leave(HandlerThread thread) {
    // If it is not there, a call is on its way.
    boolean leaves = idle.remove(thread);
    if (leaves) {
      taken.clear(thread.place());
    }
    return leaves;
  }

  /** A thread ends after a call that was given up. */
  synchronized void lost(HandlerThread thread) {
    taken.clear(thread.place());
  }

  /** Lets the idle threads end, and the busy ones after their call. */
  synchronized void renew() {
    generation++;
    for (HandlerThread thread : idle) {
      taken.clear(thread.place());
      thread.end();
    }
    idle.clear();
  }

  List<String> running() {
    return running.names();
  }

  /** Lets the threads end; none is made any more. */
  @Override
  public synchronized void close() {
    closed = true;
    renew();
    running.close();
  }

  static Thread daemon(String name, Runnable task) {
    // Nothing inherited: the first event's thread-locals and class loader are not the pool's.
    Thread thread = new Thread(null, task, name, 0, false);
    thread.setContextClassLoader(HandlerThreads.class.getClassLoader());
    thread.setDaemon(true);
    return thread;
  }
}
