package org.nethserver.events.exec;

/** Something with a descriptor that the {@link ProcessLoop} watches. Called by its thread alone. */
interface Watched {
  /** Whoever runs the step: its leftovers go when it is closed. */
  Object owner();

  /**
   * Its descriptor is ready: does what can be done now, never waits for more.
   *
   * @param events what for, as {@link Epoll} names it
   */
  void ready(int events);

  /** Closes the descriptor without a further word. */
  void drop();
}
