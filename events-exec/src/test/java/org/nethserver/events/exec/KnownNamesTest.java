package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.nethserver.events.exec.WatchedNames.shell;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.LookUp;

/**
 * Whatever makes an event's directory appear is seen by the very next look-up, by one that went by
 * what is known just before. Real directories, links and mounts.
 */
final class KnownNamesTest {
  private static final String EVENT = Scripts.EVENT.text();
  private static final int RENAME_EXCHANGE = 2;

  @TempDir private Path temporary;
  private Path top;
  private Path events;

  @BeforeEach
  void makeTree() throws IOException {
    top = temporary.toRealPath();
    events = Files.createDirectories(top.resolve("home/module1/events"));
    // The same with the event, to be put in its place.
    Files.createDirectories(top.resolve("next/module1/events"));
    shell("mkdir " + top + "/next/module1/events/" + EVENT);
    shell("cd " + top + "/next/module1/events/" + EVENT + "; echo '#!/bin/sh' >10a; chmod +x 10a");
  }

  /** Runs a change, by which the event's directory must appear. */
  private void appearsBy(String change) throws IOException {
    appearsAt(events, change);
  }

  private void appearsAt(Path directory, String change) throws IOException {
    try (WatchedNames names = new WatchedNames(directory);
        Scripts scripts = new Scripts(directory, Trust.ANY)) {
      scripts.source().answer(() -> {}); // Waits for the machinery, and with it the watch.
      names.learnThatThereIsNo(EVENT);
      assertEquals(List.of(), scripts.entries());
      assertEquals(List.of(), scripts.entries());
      shell("cd " + top + "; " + change);
      assertTrue(Files.isDirectory(directory.resolve(EVENT)), "the change makes no directory");
      assertFalse(names.lack(EVENT), "the change was not seen");
      assertEquals(List.of("10a"), scripts.names());
      // What is known afterwards is right, too.
      names.learnThatThereIsNo("nobody-cared");
      assertFalse(names.lack(EVENT));
      shell("rm -r " + directory.resolve(EVENT));
      assertEquals(List.of(), scripts.entries());
    }
  }

  @Test
  void whatCameAfterTheEventsOfAMomentIsSeenByTheNextMoment() throws IOException {
    try (WatchedNames names = new WatchedNames(events)) {
      names.learnThatThereIsNo(EVENT);
      LookUp.Moment moment = new LookUp.Moment();
      assertTrue(names.lack("nobody-cared", moment));
      Files.createDirectory(events.resolve(EVENT));
      assertTrue(names.lack(EVENT, moment), "the kernel was asked again");
      assertFalse(names.lack(EVENT, new LookUp.Moment()));
    }
  }

  @Nested
  final class InTheEventsDirectory {
    @Test
    void directoryThatIsMovedIn() throws IOException {
      appearsBy("mv next/module1/events/* home/module1/events/");
    }

    @Test
    void directoryThatIsMade() throws IOException {
      appearsBy("cp -a next/module1/events/* home/module1/events/");
    }

    @Test
    void directoryThatIsRenamed() throws IOException {
      shell("cd " + top + "; mv next/module1/events/* home/module1/events/other-name");
      appearsBy("mv home/module1/events/other-name home/module1/events/" + EVENT);
    }

    @Test
    void linkToADirectory() throws IOException {
      appearsBy("mv next/module1/events/* d; ln -s " + top + "/d home/module1/events/" + EVENT);
    }

    @Test
    void danglingLinkThatLeadsSomewhereNow() throws IOException {
      shell("ln -s " + top + "/d " + events + "/" + EVENT);
      try (WatchedNames names = new WatchedNames(events)) {
        names.learnThatThereIsNo("nobody-cared");
        assertFalse(names.lack(EVENT), "a link is looked at each time");
      }
    }

    @Test
    void directoryThatCameWentAndCame() throws IOException {
      appearsBy(
          "cp -a next/module1/events/* home/module1/events; rm -r home/module1/events/*;"
              + "mv next/module1/events/* home/module1/events");
    }

    @Test
    void eventThatVanishesAndComesBackUnderAnotherName() throws IOException {
      appearsBy(
          "mkdir home/module1/events/a-b; rmdir home/module1/events/a-b;"
              + "mv next/module1/events/* home/module1/events/a-b;"
              + "mv home/module1/events/a-b home/module1/events/"
              + EVENT);
    }
  }

  @Nested
  final class Above {
    @Test
    void eventsDirectoryReplacedByAnother() throws IOException {
      appearsBy("mv home/module1/events old; mv next/module1/events home/module1/events");
    }

    @Test
    void eventsDirectoryRemovedAndMadeAnew() throws IOException {
      appearsBy("rm -rf home/module1/events; cp -a next/module1/events home/module1/events");
    }

    @Test
    void eventsDirectoryReplacedInOneCall() throws IOException {
      appearsBy("mv -T next/module1/events home/module1/events");
    }

    @Test
    void moduleReplacedByAnother() throws IOException {
      appearsBy("mv home/module1 home/module1.old; mv next/module1 home/module1");
    }

    @Test
    void everythingReplacedByAnother() throws IOException {
      appearsBy("mv home old; mv next home");
    }

    @Test
    void moduleReplacedByALink() throws IOException {
      appearsBy("mv home/module1 old; ln -s ../next/module1 home/module1");
    }

    @Test
    void missingEventsDirectoryThatIsMade() throws IOException {
      shell("rmdir " + events);
      appearsBy("cp -a next/module1/events home/module1/events");
    }

    @Test
    void missingModuleThatIsMadeStepByStep() throws IOException {
      shell("rm -r " + top + "/home");
      appearsBy("mkdir home home/module1; cp -a next/module1/events home/module1/events");
    }

    @Test
    void fileInPlaceOfTheModuleThatIsReplaced() throws IOException {
      shell("cd " + top + "; rm -r home/module1; touch home/module1");
      appearsBy("rm home/module1; mv next/module1 home/module1");
    }

    @Test
    void directoriesThatAreExchanged() throws IOException {
      try (WatchedNames names = new WatchedNames(events);
          Arena arena = Arena.ofConfined()) {
        names.learnThatThereIsNo(EVENT);
        long home = arena.allocateFrom(top + "/home", StandardCharsets.UTF_8).address();
        long next = arena.allocateFrom(top + "/next", StandardCharsets.UTF_8).address();
        int here = Posix.AT_FDCWD;
        var renameat2 = Posix.function("renameat2");
        assertEquals(0, Posix.call(renameat2, here, home, here, next, RENAME_EXCHANGE));
        assertTrue(Files.isDirectory(events.resolve(EVENT)));
        assertFalse(names.lack(EVENT));
      }
    }

    @Test
    void changedRightsAreLookedAt() throws IOException {
      for (Path part : List.of(events, events.getParent(), top.resolve("home"))) {
        try (WatchedNames names = new WatchedNames(events)) {
          names.learnThatThereIsNo(EVENT);
          shell("chmod 700 " + part);
          assertFalse(names.lack(EVENT), () -> part + " may not let the agent in any more");
        }
      }
    }
  }

  @Nested
  final class ByLinks {
    @Test
    void linkThatIsReplacedInOneCall() throws IOException {
      shell("cd " + top + "; ln -s home current; ln -s next new");
      appearsAt(top.resolve("current/module1/events"), "mv -T new current");
    }

    @Test
    void linkThatIsRemovedAndMadeAnew() throws IOException {
      shell("cd " + top + "; ln -s " + top + "/home current");
      appearsAt(top.resolve("current/module1/events"), "ln -sfn " + top + "/next current");
    }

    @Test
    void linkBehindALink() throws IOException {
      shell("cd " + top + "; ln -s current/module1/events events; ln -s home current");
      appearsAt(top.resolve("events"), "rm current; ln -s next current");
    }

    @Test
    void danglingLinkWhoseTargetIsMade() throws IOException {
      shell("cd " + top + "; ln -s later/module1/events events");
      appearsAt(top.resolve("events"), "mv next later");
    }

    @Test
    void directoryBehindALinkThatIsReplaced() throws IOException {
      shell("cd " + top + "; ln -s home/module1/events events");
      appearsAt(
          top.resolve("events"), "mv home/module1/events old; mv next/module1/events home/module1");
    }

    @Test
    void parentOfADirectoryThatIsMoved() throws IOException {
      shell("cd " + top + "; mkdir a; mkdir a/sub; mkdir a/module1; ln -s a/sub/../module1 link");
      appearsAt(
          top.resolve("link"),
          "ln -s ../../../a/sub next/module1/events/s; mv a/module1 o; mv next/module1/events"
              + " a/module1; rm a/module1/s");
    }

    @Test
    void directoryWhoseParentChangesByItsMove() throws IOException {
      // "link" is in/deep/..: another directory once "deep" lies elsewhere.
      shell("cd " + top + "; mkdir -p in/deep; ln -s ../in in/in; ln -s in/deep/../events link");
      shell("cd " + top + "; rm in/in; mv in/deep deep; ln -s ../deep in/deep; mkdir events");
      appearsAt(
          top.resolve("link"),
          "mv deep next/module1/deep; rm in/deep; ln -s ../next/module1/deep in/deep");
    }

    @Test
    void loopIsNotKnown() throws IOException {
      shell("cd " + top + "; ln -s b a; ln -s a b");
      try (WatchedNames names = new WatchedNames(top.resolve("a/events"))) {
        assertFalse(names.lackAtLength(EVENT));
      }
    }
  }

  @Nested
  final class ByMounts {
    @BeforeEach
    void needRoot() {
      assumeTrue(Posix.geteuid() == 0, "only root can mount");
    }

    @AfterEach
    void unmount() throws IOException {
      shell(
          "awk -v top="
              + top
              + "/ 'index($5, top) == 1 {print $5}' /proc/self/mountinfo | sort -r"
              + " | while read m; do umount -l \"$m\"; done");
    }

    @Test
    void directoryBoundOverTheEventsDirectory() throws IOException {
      appearsBy("mount --bind next/module1/events home/module1/events");
    }

    @Test
    void directoryBoundOverOneAbove() throws IOException {
      appearsBy("mount --bind next home");
    }

    @Test
    void whatIsUncoveredByAnUnmount() throws IOException {
      shell("cd " + top + "; mv -T next home/n; rm -r home/module1; mv home/n/module1 home");
      shell("mount -t tmpfs none " + top + "/home; mkdir -p " + events);
      appearsBy("umount home");
    }

    @Test
    void fileSystemMountedOverOneAbove() throws IOException {
      appearsBy(
          "mkdir m; mount -t tmpfs none m; cp -a next/module1 m/; mount --move m home || "
              + "{ umount m; mount -t tmpfs none home; cp -a next/module1 home/; }");
    }

    @Test
    void changeByAnotherPathToTheSameDirectory() throws IOException {
      shell("cd " + top + "; mkdir bound; mount --bind home bound");
      appearsBy("mv next/module1/events/* bound/module1/events/");
    }

    @Test
    void overlaysAreWatched() throws IOException {
      shell(
          "cd "
              + top
              + "; mkdir up work merged; mount -t overlay none -o"
              + " lowerdir=home,upperdir=up,workdir=work merged");
      appearsAt(
          top.resolve("merged/module1/events"),
          "cp -a next/module1/events/* merged/module1/events/");
    }

    @Test
    void otherFileSystemsAreLookedAtEachTime() {
      try (WatchedNames names = new WatchedNames(Path.of("/sys/kernel"))) {
        assertFalse(names.lackAtLength(EVENT));
      }
    }
  }

  @Nested
  final class Bounds {
    @Test
    void changesBeyondTheKernelsBoundAreNotMissed() throws IOException {
      try (WatchedNames names = new WatchedNames(events)) {
        names.learnThatThereIsNo(EVENT);
        int bound =
            Integer.parseInt(
                Files.readString(Path.of("/proc/sys/fs/inotify/max_queued_events")).strip());
        assumeTrue(bound < 100_000, "the kernel keeps too many notes to fill its queue");
        for (int i = 0; i < bound + 10; i++) {
          Files.delete(Files.createFile(events.resolve("x" + i)));
        }
        // No room for a note of this.
        Files.createDirectory(events.resolve(EVENT));
        for (int i = 0; i < 200; i++) {
          assertFalse(names.lack(EVENT));
        }
        names.learnThatThereIsNo("nobody-cared");
      }
    }

    @Test
    void whatHappensBesideTheWayCostsNothing() throws IOException {
      try (WatchedNames names = new WatchedNames(events)) {
        names.learnThatThereIsNo(EVENT);
        shell("cd " + top + "; mkdir other home/module2; touch home/module2/file; rm -r next");
        assertTrue(names.lack(EVENT));
      }
    }

    @Test
    void directoryThatIsSpoiltIsReadAgainAfterASecond() throws IOException {
      try (WatchedNames names = new WatchedNames(events)) {
        names.learnThatThereIsNo(EVENT);
        shell("chmod 700 " + events);
        for (int i = 0; i < 10; i++) {
          assertFalse(names.lack(EVENT));
        }
        names.after(Duration.ofSeconds(1));
        assertFalse(names.lack(EVENT));
        assertTrue(names.lack(EVENT));
      }
    }

    @Test
    void directoryOfTooManyNamesIsLookedAtEachTime() throws IOException {
      for (int i = 0; i < KnownNames.MAX_NAMES; i++) {
        Files.createFile(events.resolve("x" + i));
      }
      try (WatchedNames names = new WatchedNames(events)) {
        assertFalse(names.lackAtLength(EVENT));
      }
    }

    @Test
    void directoryThatGetsTooManyNamesIsForgotten() throws IOException {
      try (WatchedNames names = new WatchedNames(events)) {
        names.learnThatThereIsNo(EVENT);
        for (int i = 0; i < KnownNames.MAX_NAMES; i++) {
          Files.delete(Files.createFile(events.resolve("x" + i)));
          if (i % 300 == 0) {
            names.lack(EVENT);
          }
        }
        assertFalse(names.lack(EVENT));
        names.learnThatThereIsNo(EVENT);
        assertEquals(2, names.learnt());
      }
    }

    @Test
    void busyModuleSpoilsOnlyItsOwnLookUps() throws IOException {
      Path busy = Files.createDirectories(top.resolve("home/module2/events"));
      try (WatchedNames names = new WatchedNames(events);
          WatchedNames others = new WatchedNames(busy, names)) {
        names.learnThatThereIsNo(EVENT);
        others.learnThatThereIsNo(EVENT);
        for (int i = 0; i < 12_000; i++) {
          Files.delete(Files.createFile(busy.resolve("x" + i % 7)));
          if (i % 300 == 0) {
            assertTrue(names.lack(EVENT));
          }
        }
        assertTrue(names.lack(EVENT));
        assertFalse(others.lack(EVENT));
        assertEquals(0, watchesOf(busy), "it is still watched");
      }
    }

    @Test
    void directoryForWhichThereIsNoWatchIsLookedAtEachTime() throws IOException {
      List<String> told = new ArrayList<>();
      try (WatchedNames names = new WatchedNames(events, new DirectoryWatch(3, told::add))) {
        for (int i = 0; i < 5; i++) {
          names.after(Duration.ofMinutes(5));
          assertFalse(names.lack(EVENT));
        }
        assertEquals(0, watchesOf(top.getRoot()), "watches that serve nothing were kept");
      }
      assertEquals(
          List.of("there are as many watches as may be; see fs.inotify.max_user_watches"), told);
    }

    @Test
    void directoryThatIsClosedIsWatchedNoMore() throws IOException {
      Path other = Files.createDirectories(top.resolve("home/module2/events"));
      try (WatchedNames names = new WatchedNames(events)) {
        WatchedNames others = new WatchedNames(other, names);
        names.learnThatThereIsNo(EVENT);
        others.learnThatThereIsNo(EVENT);
        assertEquals(1, watchesOf(other));
        others.close();
        assertTrue(names.lack(EVENT));
        assertEquals(0, watchesOf(other));
        assertEquals(1, watchesOf(events));
      }
    }

    /** Counts this process's watches of a directory, as the kernel tells them. */
    private int watchesOf(Path directory) throws IOException {
      String inode = "ino:%x sdev".formatted((Long) Files.getAttribute(directory, "unix:ino"));
      int count = 0;
      try (var descriptors = Files.list(Path.of("/proc/self/fdinfo"))) {
        for (Path descriptor : descriptors.toList()) {
          if (Files.exists(descriptor)) {
            for (String line : Files.readAllLines(descriptor)) {
              count += line.startsWith("inotify") && line.contains(inode) ? 1 : 0;
            }
          }
        }
      }
      return count;
    }
  }
}
