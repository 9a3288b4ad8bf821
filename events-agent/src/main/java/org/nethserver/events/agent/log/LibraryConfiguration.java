package org.nethserver.events.agent.log;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.LoggerConfig;

/**
 * One appender, one level, nothing to read: all that Log4j's configurations do else is left out.
 */
final class LibraryConfiguration extends AbstractConfiguration {
  private final SystemLog log;
  private final Level level;

  LibraryConfiguration(SystemLog log, Level level) {
    super(null, ConfigurationSource.NULL_SOURCE);
    this.log = log;
    this.level = level;
    isShutdownHookEnabled = false;
    setName("agent");
    // Log4j would ask the name service for it, which can take seconds where there is none.
    getProperties().put("hostName", "localhost");
  }

  /** Replaces the search for plugins, variables and scripts. */
  @Override
  public void initialize() {
    var appender = new SystemLogAppender(log, Level.DEBUG.isMoreSpecificThan(level));
    appender.start();
    addAppender(appender);
    getRootLogger().addAppender(appender, null, null);
    getRootLogger().setLevel(level);
    // What these warn of the transport says itself, once and in a sentence.
    if (level.isMoreSpecificThan(Level.WARN)) {
      for (String chatty : List.of("io.lettuce", "io.netty")) {
        addLogger(chatty, new LoggerConfig(chatty, Level.OFF, false));
      }
    }
    setState(State.INITIALIZED);
  }
}
