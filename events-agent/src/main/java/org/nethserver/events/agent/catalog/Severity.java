package org.nethserver.events.agent.catalog;

import java.util.Locale;

/** How much a finding matters. */
public enum Severity {
  /** Breaks a rule that listeners rely on: do not publish it like this. */
  ERROR,
  /** Works, but should be changed. */
  WARNING,
  /** Good to know. */
  INFO;

  /** Returns the word for people and for JSON: {@code error}, {@code warning}, {@code info}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
