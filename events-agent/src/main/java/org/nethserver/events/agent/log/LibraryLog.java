package org.nethserver.events.agent.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.text.Printable;

/**
 * Leads what libraries log through Log4j, slf4j and the JDK's own loggers into the system log, as
 * lines of the agent: {@code Logger: message: failure: its cause}. Until it is installed, as in the
 * commands, warnings go to standard error.
 *
 * <p>Only Log4j's API is here, with {@link LibraryLoggers} behind it: its core took a fifth of the
 * agent's start to write the few lines that there are.
 */
public final class LibraryLog {
  /**
   * The variable that says from which level on: {@code error}, {@code warn} (unless set), {@code
   * info}, {@code debug}. With {@code debug}, stack traces are written too.
   */
  public static final String LEVEL = "EVENTS_LOG_LEVEL";

  private static final int MAX_CAUSES = 5;

  /** Loggers are the process's, and so is where they lead. */
  private static volatile Sink sink = new Sink(null, Level.WARN);

  /**
   * Where lines go.
   *
   * @param log the system log; standard error without
   * @param level from which level on
   */
  private record Sink(@Nullable SystemLog log, Level level) {
    boolean takes(Level wanted, String logger) {
      return wanted.isMoreSpecificThan(level) && !(isTold(logger) && isQuiet());
    }

    /** Tells whether no more is wanted than what went wrong. */
    private boolean isQuiet() {
      return level.isMoreSpecificThan(Level.WARN);
    }

    boolean wantsStacks() {
      return Level.DEBUG.isMoreSpecificThan(level);
    }
  }

  private LibraryLog() {}

  /**
   * Leads loggers here from now on.
   *
   * @param log where lines go; it must log nothing itself
   * @param environment the process's
   */
  public static void install(SystemLog log, Map<String, String> environment) {
    String wanted = environment.getOrDefault(LEVEL, "");
    Level level =
        wanted.isEmpty() ? Level.WARN : Level.toLevel(wanted.toUpperCase(Locale.ROOT), Level.WARN);
    sink = new Sink(log, level);
    if (!wanted.isEmpty() && !level.name().equalsIgnoreCase(wanted)) {
      log.agent(
          Priority.WARNING,
          LEVEL + "=\"" + wanted + "\" is no level; warn is used: error, warn, info or debug");
    }
  }

  static boolean takes(Level level, String logger) {
    return sink.takes(level, logger);
  }

  /** Writes what was logged, if its level is wanted. */
  static void write(String logger, Level level, String message, @Nullable Throwable thrown) {
    Sink to = sink;
    if (!to.takes(level, logger)) {
      return;
    }
    String line = line(logger, message, thrown);
    SystemLog log = to.log;
    if (log == null) {
      System.err.println(Printable.text(line));
      return;
    }
    Priority priority = priority(level);
    log.agent(priority, line);
    if (thrown != null && to.wantsStacks()) {
      var trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(frame -> log.agent(priority, frame.replace("\t", "  ")));
    }
  }

  /** What these warn of the transport says itself, once and in a sentence. */
  private static boolean isTold(String logger) {
    return logger.startsWith("io.lettuce.") || logger.startsWith("io.netty.");
  }

  private static String line(String logger, String message, @Nullable Throwable thrown) {
    var line =
        new StringBuilder(logger.substring(logger.lastIndexOf('.') + 1))
            .append(": ")
            .append(message);
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
}
