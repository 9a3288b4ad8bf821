package org.nethserver.events.agent.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** A process whose standard output and error are the test's. */
final class LogChild {
  private LogChild() {}

  public static void main(String[] arguments) throws InterruptedException {
    SystemLog log = SystemLogs.open(environment(), "agent@test");
    switch (arguments[0]) {
      case "lines" -> lines(log);
      case "long" -> longLines(log);
      case "flood" -> flood(log);
      case "closed" -> closed(log);
      case "library" -> library(log);
      case "platform" -> platform(log);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    log.close();
  }

  /** As systemd would set it, for the descriptor that {@code STREAM_OF} names. */
  private static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    String descriptor = environment.get("STREAM_OF");
    if (descriptor != null) {
      environment.put("JOURNAL_STREAM", Standard.of(Integer.parseInt(descriptor)).journalStream());
    }
    return environment;
  }

  private static void lines(SystemLog log) {
    for (Priority priority : Priority.values()) {
      log.agent(priority, Map.of("AGENT_TEST", "a"), "a" + priority.ordinal());
      byte[] line = ("<" + priority.ordinal() + ">s" + priority.ordinal()).getBytes(US_ASCII);
      log.step(Map.of("AGENT_TEST", "s"), line);
    }
    log.agent(Priority.INFO, "b\u001b[1m\nc");
    log.step(Map.of("AGENT_TEST", "raw"), "r\u0000\u001b[1m\u00e9\t".getBytes(ISO_8859_1));
    log.step(Map.of("AGENT_TEST", "empty"), new byte[0]);
  }

  private static void longLines(SystemLog log) {
    for (int i = 0; i < 100; i++) {
      log.step(Map.of("AGENT_TEST", "long"), (i + "x".repeat(48 * 1024)).getBytes(US_ASCII));
    }
    log.agent(Priority.INFO, "dropped " + log.dropped());
  }

  private static void flood(SystemLog log) throws InterruptedException {
    var writers =
        List.of("a", "b", "c", "d").stream()
            .map(
                name ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              byte[] line = name.repeat(6_000).getBytes(US_ASCII);
                              for (int i = 0; i < 200; i++) {
                                log.step(Map.of(), line);
                                log.agent(Priority.ERROR, name.repeat(5_000));
                              }
                            }))
            .toList();
    for (Thread writer : writers) {
      writer.join();
    }
  }

  /** Waits until the reader of stdout has gone. */
  private static void closed(SystemLog log) {
    while (log.dropped() == 0) {
      log.step(Map.of(), new byte[100]);
    }
    log.step(Map.of(), new byte[100]);
    log.agent(Priority.INFO, "dropped " + log.dropped());
  }

  private static void library(SystemLog log) {
    LibraryLog.install(log, System.getenv());
    Logger logger = LogManager.getLogger("org.example.Some");
    logger.debug("debug {}", 1);
    logger.info("info");
    logger.warn("first\nsecond");
    logger.error("failed", new IllegalStateException("outer", new IOException("inner")));
  }

  private static void platform(SystemLog log) {
    System.Logger logger = System.getLogger("org.example.Some");
    logger.log(Level.INFO, "early info");
    logger.log(Level.WARNING, "early {0}\n{1}", "a", "b");
    LibraryLog.install(log, System.getenv());
    logger.log(Level.INFO, "info {0}", 1);
    logger.log(Level.WARNING, "first\n{0}", "second");
    logger.log(
        Level.ERROR, "{failed}", new IllegalStateException("outer", new IOException("inner")));
  }
}
