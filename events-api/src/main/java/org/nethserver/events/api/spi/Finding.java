package org.nethserver.events.api.spi;

import java.util.Objects;

/**
 * What a {@link Check} found out about one thing.
 *
 * @param name what was looked at, in a word such as {@code subscribe}; the same at every look
 * @param severity how bad it is
 * @param what how it stands, in one line, without secrets
 * @param cure what to do about it, in one line; empty where there is nothing to do
 */
public record Finding(String name, Severity severity, String what, String cure) {
  /** Refuses null. */
  public Finding {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(cure, "cure");
  }

  /** How bad it is, from good to bad. */
  public enum Severity {
    /** As it should be. */
    OK,

    /** Worth to know; nothing is wrong, or nobody can tell. */
    NOTE,

    /** Works, and may not for long, or not in every case. */
    WARNING,

    /** Does not work. */
    PROBLEM
  }

  /**
   * Something is as it should be.
   *
   * @param name what was looked at
   * @param what how it stands
   * @return the finding
   */
  public static Finding ok(String name, String what) {
    return new Finding(name, Severity.OK, what, "");
  }

  /**
   * Something is worth to know.
   *
   * @param name what was looked at
   * @param what how it stands
   * @return the finding
   */
  public static Finding note(String name, String what) {
    return new Finding(name, Severity.NOTE, what, "");
  }

  /**
   * Something may not go well.
   *
   * @param name what was looked at
   * @param what how it stands
   * @param cure what to do
   * @return the finding
   */
  public static Finding warning(String name, String what, String cure) {
    return new Finding(name, Severity.WARNING, what, cure);
  }

  /**
   * Something does not work.
   *
   * @param name what was looked at
   * @param what how it stands
   * @param cure what to do
   * @return the finding
   */
  public static Finding problem(String name, String what, String cure) {
    return new Finding(name, Severity.PROBLEM, what, cure);
  }

  /**
   * Takes a message apart that says what is wrong, a semicolon, and what to do.
   *
   * @param name what was looked at
   * @param severity how bad it is
   * @param message such as {@code not executable (mode 0644); run chmod +x}
   * @param cure what to do where the message does not say it
   * @return the finding
   */
  public static Finding told(String name, Severity severity, String message, String cure) {
    int cut = message.indexOf("; ");
    return cut < 0
        ? new Finding(name, severity, message, cure)
        : new Finding(name, severity, message.substring(0, cut), message.substring(cut + 2));
  }
}
