package org.nethserver.events.redis;

import io.lettuce.core.event.Event;
import io.lettuce.core.event.EventBus;
import reactor.core.publisher.Flux;

/** Lettuce's event bus without listeners: the usual one brings a scheduler and its threads. */
final class NoEvents implements EventBus {
  @Override
  public Flux<Event> get() {
    return Flux.never();
  }

  @Override
  public void publish(Event event) {
    // Nobody listens.
  }
}
