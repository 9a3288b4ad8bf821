package org.nethserver.events.agent.command;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.nethserver.events.agent.config.Amounts;
import org.nethserver.events.agent.text.Printable;

/** What {@code --since} says. */
final class PastTime {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm[:ss]");

  private PastTime() {}

  /** Reads a duration, which is so long ago, or a time. */
  static Instant parse(String text) {
    try {
      return Instant.now().minus(Amounts.duration(text));
    } catch (IllegalArgumentException | ArithmeticException _) {
      // Then it is a time.
    }
    try {
      return text.endsWith("Z")
          ? Instant.parse(text)
          : LocalDateTime.parse(text.replace('T', ' '), LOCAL)
              .atZone(ZoneId.systemDefault())
              .toInstant();
    } catch (DateTimeParseException e) {
      throw new CommandFailure(
          CommandFailure.USAGE,
          "--since: \""
              + Printable.brief(text)
              + "\" is neither a duration, such as 2h, nor a time, such as \"2026-11-27 08:00\"");
    } catch (DateTimeException e) {
      throw new CommandFailure(CommandFailure.USAGE, "--since: no such time");
    }
  }
}
