package org.example.plain;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.HandlerContext;
import org.nethserver.events.api.HandlerResult;

/** Counts events about certificates of modules in a file of the state directory. */
public final class CertificateCounter implements EventHandler {
  @Override
  public String step() {
    return "40count";
  }

  @Override
  public Set<String> events() {
    return Set.of("certificate-*");
  }

  @Override
  public Set<String> sources() {
    return Set.of("module/*");
  }

  /** Events of different channels come side by side: one at a time may write the file. */
  @Override
  public synchronized HandlerResult handle(Event event, HandlerContext context) throws IOException {
    if (context.variables().value("COUNT_CERTIFICATES").filter("no"::equals).isPresent()) {
      return HandlerResult.notForMe("COUNT_CERTIFICATES is no");
    }
    Path file = context.stateDirectory().resolve("certificates");
    long count = 1;
    if (Files.exists(file)) {
      try {
        count += Long.parseLong(Files.readString(file).strip());
      } catch (NumberFormatException e) {
        return HandlerResult.failure(1, file + " holds no number; remove it to count anew");
      }
    }
    Files.writeString(file, count + "\n");
    context.logger().log(Level.DEBUG, "event {0} about a certificate", count);
    return HandlerResult.success();
  }
}
