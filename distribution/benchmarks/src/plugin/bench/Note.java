package bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.HandlerContext;
import org.nethserver.events.api.HandlerResult;

/** What {@code note.c} is as a program. */
public final class Note implements EventHandler {
  @Override
  public String step() {
    return "10note";
  }

  @Override
  public Set<String> events() {
    return Set.of("java-noted");
  }

  @Override
  public HandlerResult handle(Event event, HandlerContext context) throws IOException {
    String payload = StandardCharsets.UTF_8.decode(event.payload().buffer()).toString();
    String number = payload.substring(payload.indexOf(':') + 1, payload.indexOf(','));
    Files.writeString(
        context.stateDirectory().resolve("notes"),
        event.channel() + " " + number + " " + payload.length() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return HandlerResult.success();
  }
}
