package org.nethserver.events.agent.log;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.ConfigurationSource;

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
    setState(State.INITIALIZED);
  }
}
