package org.nethserver.events.agent.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;

/**
 * Events of which only the last of a row is to run: each row waits here until it pauses, or until
 * its first event has waited long enough. Lives on the dispatch thread.
 */
final class Windows {
  private final Dispatcher dispatcher;
  private final Room room;
  private final BiConsumer<Event, Event> superseded;
  private final BiConsumer<Event, Policy> over;
  private final Map<Key, Window> open = new HashMap<>();

  private record Key(Channel channel, String key) {}

  private static final class Window {
    private final long opened = System.nanoTime();
    private Event last;
    private Policy policy;
    private Dispatcher.Timer timer;

    Window(Event last, Policy policy, Dispatcher.Timer timer) {
      this.last = last;
      this.policy = policy;
      this.timer = timer;
    }
  }

  /**
   * Makes one without events.
   *
   * @param superseded gets an event that will not run, and the one that takes its place
   * @param over gets the last event of a row, which no longer waits here
   */
  Windows(
      Dispatcher dispatcher,
      Room room,
      BiConsumer<Event, Event> superseded,
      BiConsumer<Event, Policy> over) {
    this.dispatcher = dispatcher;
    this.room = room;
    this.superseded = superseded;
    this.over = over;
  }

  /** Keeps the event in place of the one before it. */
  void put(Event event, String key, Policy policy, Policy.Coalesce coalesce) {
    Key where = new Key(event.channel(), key);
    room.hold(event);
    Window window = open.get(where);
    if (window == null) {
      open.put(where, new Window(event, policy, timer(where, coalesce.window())));
      return;
    }
    Event before = window.last;
    room.letGo(before);
    superseded.accept(before, event);
    window.last = event;
    window.policy = policy;
    Duration left = coalesce.atMost().minus(Duration.ofNanos(System.nanoTime() - window.opened));
    dispatcher.cancel(window.timer);
    window.timer = timer(where, left.compareTo(coalesce.window()) < 0 ? left : coalesce.window());
  }

  private Dispatcher.Timer timer(Key key, Duration delay) {
    return dispatcher.after(delay, () -> close(key));
  }

  private void close(Key key) {
    Window window = open.remove(key);
    if (window != null) {
      dispatcher.cancel(window.timer);
      room.letGo(window.last);
      over.accept(window.last, window.policy);
    }
  }

  /** Returns the last event of each row. */
  Stream<Event> waiting() {
    return open.values().stream().map(window -> window.last);
  }

  /** Waits no longer for others. */
  void closeAll() {
    List.copyOf(open.keySet()).forEach(this::close);
  }

  /** Forgets all. */
  void clear() {
    open.values()
        .forEach(
            window -> {
              dispatcher.cancel(window.timer);
              room.letGo(window.last);
            });
    open.clear();
  }
}
