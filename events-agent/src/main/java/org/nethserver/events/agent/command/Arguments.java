package org.nethserver.events.agent.command;

import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.EventSource;

/** Reads names given on a command line. */
final class Arguments {
  private Arguments() {}

  static EventName eventName(String text) {
    try {
      return new EventName(text);
    } catch (IllegalArgumentException e) {
      throw wrong(text, "event name", e);
    }
  }

  static EventSource eventSource(String text) {
    try {
      return new EventSource(text);
    } catch (IllegalArgumentException e) {
      throw wrong(text, "event source", e);
    }
  }

  private static CommandFailure wrong(String text, String what, IllegalArgumentException why) {
    return new CommandFailure(
        CommandFailure.USAGE,
        "\"" + Printable.text(text) + "\" is no " + what + ": " + why.getMessage());
  }
}
