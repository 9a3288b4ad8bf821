package org.nethserver.events.agent.catalog;

import java.util.Objects;

/**
 * One remark of the rules on an event. It holds no value of the payload, and no control characters,
 * so that it can be printed and logged.
 *
 * @param severity how much it matters
 * @param rule the rule's id, such as {@code payload-schema}; stable, for scripts
 * @param message what is wrong and what to change
 */
public record Finding(Severity severity, String rule, String message) {
  /** Refuses null. */
  public Finding {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(message, "message");
  }

  /** Tells whether the event should not be published like this. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** Returns one line for people: {@code error payload-schema: /node is ...}. */
  @Override
  public String toString() {
    return severity.word() + " " + rule + ": " + message;
  }

  static Finding error(String rule, String message) {
    return new Finding(Severity.ERROR, rule, message);
  }

  static Finding warning(String rule, String message) {
    return new Finding(Severity.WARNING, rule, message);
  }

  static Finding info(String rule, String message) {
    return new Finding(Severity.INFO, rule, message);
  }
}
