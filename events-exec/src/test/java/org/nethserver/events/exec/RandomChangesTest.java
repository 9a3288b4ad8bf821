package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.spi.AgentSettings.Trust;

/** After each of many random changes of a tree, what is known agrees with a look at the files. */
final class RandomChangesTest {
  private static final int CHANGES = 20_000;
  private static final List<String> NAMES = List.of("a", "b", "c");

  @TempDir private Path temporary;

  @Test
  void whatIsKnownAgreesWithTheFiles() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    Path top = temporary.toRealPath();
    Path events = top.resolve("a/b/c");
    int answers = 0;
    List<String> done = new ArrayList<>();
    try (WatchedNames names = new WatchedNames(events);
        Scripts scripts = new Scripts(events, Trust.ANY)) {
      scripts.source().answer(() -> {}); // Waits for the machinery, and with it the watch.
      for (int i = 0; i < CHANGES; i++) {
        done.add(change(random, top));
        names.after(Duration.ofMillis(random.nextInt(2000)));
        for (String name : NAMES) {
          boolean there = Files.isDirectory(events.resolve(name));
          String told = "seed " + seed + ", change " + i + ", " + name + ", after " + tail(done);
          boolean lacks = names.lack(name);
          assertFalse(there && lacks, told);
          assertEquals(files(events.resolve(name)), found(scripts, name), told);
          answers += lacks ? 1 : 0;
        }
      }
    }
    assertTrue(answers > CHANGES / 10, "only " + answers + " answers from memory, seed " + seed);
  }

  private static List<String> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static List<String> found(Scripts scripts, String name) {
    try {
      return scripts.source().entries(new EventName(name)).stream()
          .map(entry -> entry.name().toString())
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      // Links in a ring are told, unlike links to nothing.
      assertTrue(String.valueOf(e.getMessage()).endsWith("too many symbolic links"), e::toString);
      return List.of();
    }
  }

  private static List<String> tail(List<String> done) {
    return done.subList(Math.max(0, done.size() - 12), done.size());
  }

  /** Changes something; what cannot be done is left. */
  private static String change(Random random, Path top) throws IOException {
    Path one = path(random, top);
    Path other = path(random, top);
    String told = "";
    try {
      switch (random.nextInt(7)) {
        case 0, 1, 2 -> {
          told = "mkdir " + one;
          Files.createDirectory(one);
        }
        case 3 -> {
          told = "mv " + one + " " + other;
          Files.move(one, other, StandardCopyOption.ATOMIC_MOVE);
        }
        case 4 -> {
          told = "ln -s " + other + " " + one;
          Path target = random.nextBoolean() ? other : one.getParent().relativize(other);
          Files.createSymbolicLink(one, target);
        }
        case 5 -> {
          told = "touch " + one;
          Files.createFile(one);
        }
        default -> {
          told = "rm -r " + one;
          remove(one);
        }
      }
    } catch (FileSystemException e) {
      told += " failed";
    }
    return told;
  }

  /** Returns a path of up to five names, mostly on the way to the events. */
  private static Path path(Random random, Path top) {
    Path path = top;
    int length = 1 + random.nextInt(5);
    for (int i = 0; i < length; i++) {
      String onTheWay = i < 3 ? NAMES.get(i) : "a";
      path = path.resolve(random.nextInt(4) > 0 ? onTheWay : NAMES.get(random.nextInt(3)));
    }
    return path;
  }

  private static void remove(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var all = Files.walk(path)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
