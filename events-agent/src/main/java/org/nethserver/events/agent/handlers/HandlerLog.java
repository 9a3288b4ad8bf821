package org.nethserver.events.agent.handlers;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.Arrays;
import java.util.List;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.run.ForeignFailure;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepListener.Stream;

/**
 * A handler's logger: its lines are the output of the step, with priorities as scripts write them.
 *
 * <p>Threads: any. This object's lock is held while the listener is called, which must hear of one
 * line at a time; only threads of the same call wait for it.
 */
final class HandlerLog implements System.Logger {
  /** The lines of a stack trace that are told: what follows says little. */
  static final int MAX_TRACE = 60;

  private final String name;
  private final StepListener listener;

  HandlerLog(String name, StepListener listener) {
    this.name = name;
    this.listener = listener;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    return level != Level.OFF;
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    if (isLoggable(level)) {
      lines(level, text(bundle, message).lines().toList());
      if (thrown != null) {
        lines(level, trace(thrown));
      }
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... parameters) {
    if (isLoggable(level)) {
      lines(level, formatted(text(bundle, format), parameters).lines().toList());
    }
  }

  /** Writes what a handler gave as its reason; nothing if that is empty. */
  void error(String why) {
    lines(Level.ERROR, why.lines().toList());
  }

  void error(Throwable thrown) {
    lines(Level.ERROR, trace(thrown));
  }

  void debug(String why) {
    lines(Level.DEBUG, why.lines().toList());
  }

  private static String text(@Nullable ResourceBundle bundle, @Nullable String message) {
    if (bundle != null && message != null) {
      try {
        return bundle.getString(message);
      } catch (MissingResourceException | ClassCastException e) {
        return message;
      }
    }
    return String.valueOf(message);
  }

  private static String formatted(String format, @Nullable Object @Nullable [] parameters) {
    if (parameters == null || parameters.length == 0) {
      return format;
    }
    try {
      return new MessageFormat(format).format(parameters);
    } catch (IllegalArgumentException e) {
      return format; // no pattern: the text alone is better than nothing
    }
  }

  private static List<String> trace(Throwable thrown) {
    StringWriter written = new StringWriter();
    try {
      thrown.printStackTrace(new PrintWriter(written));
    } catch (Throwable e) {
      // Its methods may be the plugin's own.
      return List.of(
          thrown.getClass().getName()
              + ", whose stack trace cannot be printed: "
              + ForeignFailure.text(e));
    }
    List<String> lines = written.toString().lines().toList();
    if (lines.size() <= MAX_TRACE) {
      return lines;
    }
    int cut = lines.size() - MAX_TRACE;
    return java.util.stream.Stream.concat(
            lines.stream().limit(MAX_TRACE),
            java.util.stream.Stream.of("\t… " + cut + " lines cut"))
        .toList();
  }

  private synchronized void lines(Level level, List<String> lines) {
    for (String line : lines) {
      listener.output(stream(level), bytes(prefix(level) + line));
    }
  }

  private static Stream stream(Level level) {
    return level.getSeverity() >= Level.WARNING.getSeverity() ? Stream.STDERR : Stream.STDOUT;
  }

  private static String prefix(Level level) {
    return switch (level) {
      case ERROR -> "<3>";
      case WARNING -> "<4>";
      case INFO -> "";
      case ALL, TRACE, DEBUG -> "<7>";
      case OFF -> throw new IllegalArgumentException("nothing is logged at the level OFF");
    };
  }

  private static byte[] bytes(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= StepListener.MAX_LINE) {
      return bytes;
    }
    int end = StepListener.MAX_LINE;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--; // not amid a character
    }
    byte[] note = (" [" + (bytes.length - end) + " bytes cut]").getBytes(StandardCharsets.US_ASCII);
    byte[] cut = Arrays.copyOf(bytes, end + note.length);
    System.arraycopy(note, 0, cut, end, note.length);
    return cut;
  }
}
