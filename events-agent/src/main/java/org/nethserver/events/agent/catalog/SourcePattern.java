package org.nethserver.events.agent.catalog;

import java.util.regex.Pattern;
import org.nethserver.events.api.EventSource;

/**
 * Who may publish an event: a source in which {@code <n>} stands for a decimal number and {@code
 * <id>} for any characters but a slash. {@code module/nethvoice<n>} is {@code module/nethvoice1}
 * but not {@code module/nethvoice-proxy1}, which a glob could not tell apart.
 */
final class SourcePattern {
  private static final String NUMBER = "<n>";
  private static final String ID = "<id>";

  private final String text;
  private final Pattern pattern;

  private SourcePattern(String text, Pattern pattern) {
    this.text = text;
    this.pattern = pattern;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it could match no source; the message says why
   */
  static SourcePattern parse(String text) {
    // With its placeholders filled in, a pattern must be a source itself.
    String example = text.replace(NUMBER, "1").replace(ID, "x");
    if (example.indexOf('<') >= 0 || example.indexOf('>') >= 0 || example.indexOf('*') >= 0) {
      throw new IllegalArgumentException(
          "the only placeholders are <n> for a number and <id> for any name");
    }
    requireSource(example);
    String regex =
        Pattern.quote(text).replace(NUMBER, "\\E[0-9]+\\Q").replace(ID, "\\E[A-Za-z0-9._-]+\\Q");
    return new SourcePattern(text, Pattern.compile(regex));
  }

  private static EventSource requireSource(String text) {
    return new EventSource(text);
  }

  boolean matches(EventSource source) {
    return pattern.matcher(source.text()).matches();
  }

  /** Returns the pattern as it was written. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourcePattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
