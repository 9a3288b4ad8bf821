package org.nethserver.events.agent.log;

import java.text.MessageFormat;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Leads what is logged by the JDK's own {@link System.Logger} where {@link LibraryLog} leads the
 * rest. The JDK finds it when the first such logger is asked for: a start that logs nothing does
 * not load it.
 */
public final class PlatformLoggers extends System.LoggerFinder {
  private final Map<String, System.Logger> loggers = new ConcurrentHashMap<>();

  /** Called by the JDK alone. */
  public PlatformLoggers() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return loggers.computeIfAbsent(name, PlatformLogger::new);
  }

  private record PlatformLogger(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return level != Level.OFF && LibraryLog.takes(log4j(level), name);
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      if (level != Level.OFF) {
        LibraryLog.write(name, log4j(level), String.valueOf(message), thrown);
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object... parameters) {
      if (isLoggable(level)) {
        boolean plain = format == null || parameters == null || parameters.length == 0;
        String message = plain ? format : MessageFormat.format(format, parameters);
        log(level, bundle, message, (Throwable) null);
      }
    }

    private static org.apache.logging.log4j.Level log4j(Level level) {
      return switch (level) {
        case ALL -> org.apache.logging.log4j.Level.ALL;
        case TRACE -> org.apache.logging.log4j.Level.TRACE;
        case DEBUG -> org.apache.logging.log4j.Level.DEBUG;
        case INFO -> org.apache.logging.log4j.Level.INFO;
        case WARNING -> org.apache.logging.log4j.Level.WARN;
        case ERROR -> org.apache.logging.log4j.Level.ERROR;
        case OFF -> org.apache.logging.log4j.Level.OFF;
      };
    }
  }
}
