package org.nethserver.events.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.model.snapshots.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.run.Counters;

@Timeout(60)
final class MetricsFileTests {
  @TempDir private Path directory;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  private final MetricsFile.Listener listener =
      new MetricsFile.Listener() {
        @Override
        public void unwritable(Path file, String why) {
          told.add("unwritable");
        }

        @Override
        public void writable(Path file) {
          told.add("writable");
        }
      };

  private MetricsFile file(Path where, Duration interval) {
    Gauging gauging = new Gauging(Labels.of("process", "module/a1"), new Counters(), false);
    return new MetricsFile(where, "module/a1", new MetricsPage(gauging), interval, listener);
  }

  private static void await(Path file) throws IOException {
    while (!Files.exists(file) || Files.size(file) == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void fileHoldsWholeFiguresForAllToReadAndGoesWithItsEnd() throws IOException {
    MetricsFile file = file(directory, Duration.ofMinutes(1));
    file.start();
    Path path = directory.resolve("events-module+a1.prom");
    await(path);
    String text = Files.readString(path);
    assertTrue(text.contains("\nevents_connected{process=\"module/a1\"} 0.0\n"), text);
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    try (Stream<Path> all = Files.list(directory)) {
      assertEquals(List.of(path), all.toList());
    }
    file.close();
    try (Stream<Path> all = Files.list(directory)) {
      assertEquals(List.of(), all.toList());
    }
  }

  @Test
  void failureIsToldOnceAndOnceWhenItIsOver() throws IOException, InterruptedException {
    Path gone = directory.resolve("later");
    MetricsFile file = file(gone, Duration.ofMillis(5));
    file.start();
    assertEquals("unwritable", told.poll(20, TimeUnit.SECONDS));
    Files.createDirectory(gone);
    assertEquals("writable", told.poll(20, TimeUnit.SECONDS));
    file.close();
    assertEquals(List.of(), List.copyOf(told));
  }

  @Test
  void linksThatOthersLaidAreNotFollowed() throws IOException {
    Path precious = Files.writeString(directory.resolve("precious"), "precious");
    Files.setPosixFilePermissions(precious, PosixFilePermissions.fromString("rw-------"));
    Path target = Files.createSymbolicLink(directory.resolve("target"), precious);
    Path temporary = Files.createSymbolicLink(directory.resolve(".target.new"), precious);

    MetricsFile.replace(target, temporary, new byte[] {'x'});

    assertEquals("precious", Files.readString(precious));
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(precious)));
    assertFalse(Files.isSymbolicLink(target));
    assertEquals("x", Files.readString(target));
    assertFalse(Files.exists(temporary, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void nameIsOneFileWhateverTheIdHolds() {
    assertEquals("events-module+a1.prom", MetricsFile.name("module/a1"));
    assertEquals("events-..+..+etc.prom", MetricsFile.name("../../etc"));
    assertEquals("events-a__b.prom", MetricsFile.name("a\n\0b"));
  }
}
