package org.nethserver.events.agent.log;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.spi.AbstractLogger;
import org.jspecify.annotations.Nullable;

/**
 * A logger of Log4j's that leads to {@link LibraryLog}. Whether a line is wanted is asked there.
 */
final class LibraryLogger extends AbstractLogger {
  private static final long serialVersionUID = 1;

  LibraryLogger(String name) {
    super(name);
  }

  @Override
  public Level getLevel() {
    for (Level level : new Level[] {Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN}) {
      if (isEnabled(level)) {
        return level;
      }
    }
    return isEnabled(Level.ERROR) ? Level.ERROR : Level.OFF;
  }

  @Override
  public boolean isEnabled(Level level) {
    return LibraryLog.takes(level, getName());
  }

  @Override
  public void logMessage(
      String caller,
      Level level,
      @Nullable Marker marker,
      Message message,
      @Nullable Throwable thrown) {
    LibraryLog.write(getName(), level, message.getFormattedMessage(), thrown);
  }

  // One question in sixteen forms.

  @Override
  public boolean isEnabled(
      Level level, @Nullable Marker marker, @Nullable Message message, @Nullable Throwable thrown) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      @Nullable CharSequence message,
      @Nullable Throwable thrown) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level, @Nullable Marker marker, @Nullable Object message, @Nullable Throwable thrown) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level, @Nullable Marker marker, @Nullable String message, @Nullable Throwable thrown) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(Level level, @Nullable Marker marker, @Nullable String message) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      @Nullable Object... parameters) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level, @Nullable Marker marker, @Nullable String message, @Nullable Object p0) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      @Nullable Object p0,
      @Nullable Object p1) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4,
      @Nullable Object p5) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4,
      @Nullable Object p5,
      @Nullable Object p6) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4,
      @Nullable Object p5,
      @Nullable Object p6,
      @Nullable Object p7) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4,
      @Nullable Object p5,
      @Nullable Object p6,
      @Nullable Object p7,
      @Nullable Object p8) {
    return isEnabled(level);
  }

  @Override
  public boolean isEnabled(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      @Nullable Object p0,
      @Nullable Object p1,
      @Nullable Object p2,
      @Nullable Object p3,
      @Nullable Object p4,
      @Nullable Object p5,
      @Nullable Object p6,
      @Nullable Object p7,
      @Nullable Object p8,
      @Nullable Object p9) {
    return isEnabled(level);
  }
}
