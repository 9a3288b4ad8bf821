package org.nethserver.events.agent.host;

import java.util.List;
import java.util.Set;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.spi.LookUp;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepSource;

/**
 * A source that outlives the resolver that asks it.
 *
 * @param source closed by its owner
 */
record LastingSource(StepSource source) implements StepSource {
  @Override
  public String origin() {
    return source.origin();
  }

  @Override
  public List<StepEntry> entries(EventName event) {
    return source.entries(event);
  }

  @Override
  public List<StepEntry> entries(LookUp lookUp) {
    return source.entries(lookUp);
  }

  @Override
  public Set<EventName> events() {
    return source.events();
  }

  @Override
  public void answer(Runnable reply) {
    source.answer(reply);
  }

  @Override
  public void close() {
    // Its owner does.
  }
}
