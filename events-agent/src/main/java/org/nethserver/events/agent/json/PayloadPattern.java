package org.nethserver.events.agent.json;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nethserver.events.agent.text.Printable;

/**
 * A pattern of a schema. Its author may have written one that takes time without end on some text,
 * and payloads come from whoever publishes: so it is given up after a while.
 */
final class PayloadPattern {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final String text;
  private final Pattern pattern;

  /** In JSON Schema it stands for the end alone; in Java also for a place before a last newline. */
  private final boolean endsText;

  PayloadPattern(String text) {
    this.text = text;
    this.pattern = Pattern.compile(text);
    this.endsText = text.endsWith("$") && !text.endsWith("\\$");
  }

  /**
   * Tells whether the pattern is found in a value.
   *
   * @throws TooSlowException if that cannot be told in a second
   */
  boolean matches(String value) {
    Matcher matcher = pattern.matcher(new LimitedText(value, System.nanoTime()));
    return matcher.find() && (!endsText || matcher.end() == value.length());
  }

  /** The pattern takes too long. */
  static final class TooSlowException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String pattern;

    TooSlowException(String pattern) {
      super(pattern, null, false, false);
      this.pattern = pattern;
    }

    String sentence() {
      return "the pattern "
          + Printable.quoted(pattern)
          + " takes longer than "
          + LIMIT.toSeconds()
          + " s on the payload; write one that repeats nothing within what is repeated";
    }
  }

  /** The matcher knows no time limit, but it asks for each character again and again. */
  private final class LimitedText implements CharSequence {
    private static final int SELDOM = 4096;

    private final String value;
    private final long began;
    private int asked;

    LimitedText(String value, long began) {
      this.value = value;
      this.began = began;
    }

    @Override
    public int length() {
      return value.length();
    }

    @Override
    public char charAt(int index) {
      if (++asked % SELDOM == 0 && System.nanoTime() - began > LIMIT.toNanos()) {
        throw new TooSlowException(text);
      }
      return value.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new LimitedText(value.substring(start, end), began);
    }

    @Override
    public String toString() {
      return value;
    }
  }
}
