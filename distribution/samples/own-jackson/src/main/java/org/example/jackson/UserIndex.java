package org.example.jackson;

import java.lang.System.Logger.Level;
import java.util.Set;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.HandlerContext;
import org.nethserver.events.api.HandlerResult;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the payload with the plugin's own Jackson. */
public final class UserIndex implements EventHandler {
  private final JsonMapper json = new JsonMapper();

  @Override
  public String step() {
    return "50index";
  }

  @Override
  public Set<String> events() {
    return Set.of("user-*");
  }

  @Override
  public HandlerResult handle(Event event, HandlerContext context) {
    JsonNode payload;
    try {
      payload = json.readTree(event.payload().stream());
    } catch (JacksonException e) {
      // Not its message: that would quote the payload, which does not belong into a log.
      return HandlerResult.failure(65, "the payload is no JSON");
    }
    if (!payload.has("user")) {
      return HandlerResult.notForMe("no user in it");
    }
    context.logger().log(Level.INFO, "indexed with Jackson " + json.version());
    return HandlerResult.success();
  }
}
