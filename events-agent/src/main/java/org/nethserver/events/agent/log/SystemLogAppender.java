package org.nethserver.events.agent.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.jspecify.annotations.Nullable;

/** Writes log events as lines of the agent: {@code Logger: message: failure: its cause}. */
final class SystemLogAppender extends AbstractAppender {
  private static final int MAX_CAUSES = 5;

  private final SystemLog log;
  private final boolean stacks;

  /**
   * Makes it, not yet started.
   *
   * @param log where lines go; it must log nothing itself
   * @param stacks whether the stack of a failure follows, a line each
   */
  SystemLogAppender(SystemLog log, boolean stacks) {
    super("system log", null, null, true, Property.EMPTY_ARRAY);
    this.log = log;
    this.stacks = stacks;
  }

  @Override
  public void append(LogEvent event) {
    Priority priority = priority(event.getLevel());
    @Nullable Throwable thrown = event.getThrown();
    String message = event.getMessage().getFormattedMessage();
    log.agent(priority, line(event.getLoggerName(), message, thrown));
    if (thrown != null && stacks) {
      var trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(frame -> log.agent(priority, frame.replace("\t", "  ")));
    }
  }

  /** What was logged as one line: who, what, and the causes. */
  static String line(String logger, String message, @Nullable Throwable thrown) {
    var line = new StringBuilder(shortName(logger)).append(": ").append(message);
    @Nullable Throwable cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      line.append(": ").append(cause);
      cause = cause.getCause();
    }
    return line.toString();
  }

  private static Priority priority(Level level) {
    return switch (level.getStandardLevel()) {
      case FATAL -> Priority.CRITICAL;
      case ERROR -> Priority.ERROR;
      case WARN -> Priority.WARNING;
      case INFO -> Priority.INFO;
      case OFF, ALL, DEBUG, TRACE -> Priority.DEBUG;
    };
  }

  private static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }
}
