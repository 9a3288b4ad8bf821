package org.example.smallest;

import java.lang.System.Logger.Level;
import java.util.Set;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.HandlerContext;
import org.nethserver.events.api.HandlerResult;

/** Welcomes new users, as step "20welcome" between whatever scripts the event has. */
public final class Welcome implements EventHandler {
  @Override
  public String step() {
    return "20welcome";
  }

  @Override
  public Set<String> events() {
    return Set.of("user-created");
  }

  @Override
  public HandlerResult handle(Event event, HandlerContext context) {
    context.logger().log(Level.INFO, "a new user, says " + event.source());
    return HandlerResult.success();
  }
}
