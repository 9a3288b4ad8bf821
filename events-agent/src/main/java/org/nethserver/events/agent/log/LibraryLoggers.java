package org.nethserver.events.agent.log;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.message.MessageFactory;
import org.apache.logging.log4j.spi.ExtendedLogger;
import org.apache.logging.log4j.spi.LoggerContext;
import org.apache.logging.log4j.spi.LoggerContextFactory;
import org.apache.logging.log4j.spi.Provider;
import org.jspecify.annotations.Nullable;

/** What Log4j's API finds behind it: one context for all, whose loggers lead to LibraryLog. */
public final class LibraryLoggers extends Provider {
  private static final int PRIORITY = 10;
  private static final String API = "2.6.0";

  /** Called by Log4j alone. */
  public LibraryLoggers() {
    super(PRIORITY, API);
  }

  @Override
  public LoggerContextFactory getLoggerContextFactory() {
    return new Context();
  }

  private static final class Context implements LoggerContextFactory, LoggerContext {
    private final Map<String, ExtendedLogger> loggers = new ConcurrentHashMap<>();

    @Override
    public LoggerContext getContext(
        String caller, ClassLoader loader, @Nullable Object external, boolean current) {
      return this;
    }

    @Override
    public LoggerContext getContext(
        String caller,
        ClassLoader loader,
        @Nullable Object external,
        boolean current,
        @Nullable URI configuration,
        @Nullable String name) {
      return this;
    }

    @Override
    public void removeContext(LoggerContext context) {}

    /** Without this Log4j would walk the stack at each logger's making. */
    @Override
    public boolean isClassLoaderDependent() {
      return false;
    }

    @Override
    public @Nullable Object getExternalContext() {
      return null;
    }

    @Override
    public ExtendedLogger getLogger(String name) {
      return loggers.computeIfAbsent(name, LibraryLogger::new);
    }

    @Override
    public ExtendedLogger getLogger(String name, @Nullable MessageFactory messages) {
      return getLogger(name);
    }

    @Override
    public boolean hasLogger(String name) {
      return loggers.containsKey(name);
    }

    @Override
    public boolean hasLogger(String name, @Nullable MessageFactory messages) {
      return hasLogger(name);
    }

    @Override
    public boolean hasLogger(String name, Class<? extends MessageFactory> messages) {
      return hasLogger(name);
    }
  }
}
