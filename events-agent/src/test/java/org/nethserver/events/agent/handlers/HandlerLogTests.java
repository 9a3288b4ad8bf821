package org.nethserver.events.agent.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepListener.Stream;

final class HandlerLogTests {
  private final Heard heard = new Heard();
  private final HandlerLog log = new HandlerLog("30index", heard);

  @Test
  void levelsAreThePrioritiesOfScripts() {
    for (Level level : List.of(Level.ERROR, Level.WARNING, Level.INFO, Level.DEBUG, Level.TRACE)) {
      assertTrue(log.isLoggable(level), level.name());
      log.log(level, "text");
    }
    assertEquals(List.of("<3>text", "<4>text", "text", "<7>text", "<7>text"), heard.lines);
    assertEquals(
        List.of(Stream.STDERR, Stream.STDERR, Stream.STDOUT, Stream.STDOUT, Stream.STDOUT),
        heard.streams);
  }

  @Test
  void nothingIsLoggedAtTheLevelOff() {
    assertFalse(log.isLoggable(Level.OFF));
    log.log(Level.OFF, "text");
    log.log(Level.OFF, "text {0}", 1);
    assertEquals(List.of(), heard.lines);
  }

  @Test
  void messageOfSeveralLinesBecomesSeveralLines() {
    log.log(Level.WARNING, "one\ntwo\r\n\nfour\n");
    assertEquals(List.of("<4>one", "<4>two", "<4>", "<4>four"), heard.lines);
  }

  @Test
  void parametersAreFilledIn() {
    log.log(Level.INFO, "{0} of {1}", 3, "four");
    log.log(Level.INFO, "{0 of", 3);
    log.log(Level.INFO, "braces { stay", (Object[]) null);
    assertEquals(List.of("3 of four", "{0 of", "braces { stay"), heard.lines);
  }

  @Test
  void messageIsLookedUpInItsBundle() {
    ResourceBundle bundle =
        new ListResourceBundle() {
          @Override
          protected Object[][] getContents() {
            return new Object[][] {{"greeting", "hello {0}"}};
          }
        };
    log.log(Level.INFO, bundle, "greeting", "world");
    log.log(Level.INFO, bundle, "other", (Throwable) null);
    assertEquals(List.of("hello world", "other"), heard.lines);
  }

  @Test
  void whatWasThrownFollowsTheMessage() {
    log.log(Level.WARNING, "no index", new IllegalStateException("locked"));
    assertEquals("<4>no index", heard.lines.get(0));
    assertEquals("<4>java.lang.IllegalStateException: locked", heard.lines.get(1));
    assertTrue(heard.lines.get(2).startsWith("<4>\tat "), heard.lines.get(2));
  }

  @Test
  void missingMessageIsNoFailure() {
    log.log(Level.INFO, (String) null);
    assertEquals(List.of("null"), heard.lines);
  }

  @Test
  void longLineIsCutBetweenCharacters() {
    int kept = (StepListener.MAX_LINE - 3) / 2; // of two bytes each, after "<3>"
    log.log(Level.ERROR, "é".repeat(kept + 5));
    assertEquals(List.of("<3>" + "é".repeat(kept) + " [10 bytes cut]"), heard.lines);
  }

  @Test
  void nameIsTheSteps() {
    assertEquals("30index", log.getName());
  }
}
