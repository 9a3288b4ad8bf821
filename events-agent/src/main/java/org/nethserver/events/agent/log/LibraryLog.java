package org.nethserver.events.agent.log;

import java.util.Locale;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * Leads what libraries log through Log4j, slf4j and the JDK's own loggers into the system log, as
 * lines of the agent. Log4j looks for no configuration file, plugin or script, and registers
 * neither a shutdown hook nor a management bean: none is wanted, and together they take longer than
 * the agent's own start.
 */
public final class LibraryLog {
  /**
   * The variable that says from which level on: {@code error}, {@code warn} (unless set), {@code
   * info}, {@code debug}. With {@code debug}, stack traces are written too.
   */
  public static final String LEVEL = "EVENTS_LOG_LEVEL";

  /** Log4j's configuration is the process's, and so is this. */
  private static volatile boolean installed;

  private LibraryLog() {}

  /** Tells whether Log4j leads here: before that, to ask it for a logger would bring it up. */
  static boolean isInstalled() {
    return installed;
  }

  /**
   * Configures Log4j. To be called before any class that logs is touched: what they logged earlier
   * went to Log4j's own console, and its start cost twice.
   *
   * @param log where lines go
   * @param environment the process's
   */
  public static void install(SystemLog log, Map<String, String> environment) {
    String wanted = environment.getOrDefault(LEVEL, "");
    Level level = Level.toLevel(wanted.toUpperCase(Locale.ROOT), Level.WARN);
    // One context for all class loaders: no stack is walked to find a logger's.
    setUnlessSet(
        "log4j2.contextSelector", "org.apache.logging.log4j.core.selector.BasicContextSelector");
    setUnlessSet("log4j2.disableJmx", "true");
    Configurator.initialize(new LibraryConfiguration(log, level));
    installed = true;
    if (!wanted.isEmpty() && !level.name().equalsIgnoreCase(wanted)) {
      log.agent(
          Priority.WARNING,
          LEVEL + "=\"" + wanted + "\" is no level; warn is used: error, warn, info or debug");
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
