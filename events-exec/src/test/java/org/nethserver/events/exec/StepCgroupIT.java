package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepUser;

/** In a real tree of control groups, laid out as systemd does, in a corner of its own. */
final class StepCgroupIT {
  private static final int UID = 64_001;
  private static final StepUser USER = new StepUser.Other("module1", UID, UID, List.of(UID));

  @TempDir private Path root;
  private Path corner;
  private Path slice;
  private Scripts scripts;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(Posix.geteuid() == 0, "only root can become another user");
    Optional<Path> mount = mount();
    assumeTrue(mount.isPresent(), "no control groups of version 2 can be made here");
    corner = mount.get().resolve("events-test-" + ProcessHandle.current().pid());
    slice = corner.resolve("user.slice/user-64001.slice/user@64001.service/app.slice");
    Files.createDirectories(slice);
    Scripts.chmod(root, "rwxr-xr-x");
    scripts = new Scripts(root, USER, corner);
    scripts.bash("10group", "grep ^0:: /proc/self/cgroup");
  }

  @AfterEach
  void close() throws IOException {
    if (scripts != null) {
      scripts.close();
      remove(corner);
    }
  }

  @Test
  void stepRunsInALeafOfItsUser() throws IOException {
    assertEquals("app.slice/events-steps.scope", group());
    Path leaf = slice.resolve("events-steps.scope");
    for (String file : List.of(".", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control")) {
      assertEquals(UID, Files.getAttribute(leaf.resolve(file), "unix:uid"), file);
    }
  }

  @Test
  void userMayDivideIt() {
    // What podman does: a group of its own below, and a process moved there.
    Path leaf = slice.resolve("events-steps.scope");
    scripts.bash(
        "10group",
        "mkdir %s/inner && echo $$ > %s/inner/cgroup.procs && grep ^0:: /proc/self/cgroup"
            .formatted(leaf, leaf));
    assertEquals("events-steps.scope/inner", group());
  }

  @Test
  void groupThatWasRemovedIsMadeAnew() throws IOException {
    assertEquals("app.slice/events-steps.scope", group());
    Scripts.await("the group can be removed", () -> removed(slice.resolve("events-steps.scope")));
    // Noticed by the first step, which runs all the same.
    scripts.complete("10group").awaitEnd();
    assertEquals("app.slice/events-steps.scope", group());
  }

  @Test
  void groupOfOneWhoIsNotLoggedInIsNotMade() throws IOException {
    remove(corner.resolve("user.slice/user-64001.slice/user@64001.service"));
    assertFalse(group().contains("events"));
    assertFalse(Files.exists(slice));
  }

  @Test
  void groupThatRefusesKeepsNoStepFromRunning() throws IOException {
    // Beside a threaded one, a new group can hold no process.
    Path threaded = Files.createDirectory(slice.resolve("threaded"));
    Files.writeString(threaded.resolve("cgroup.type"), "threaded");
    assertFalse(group().contains("events-steps"));
    assertEquals(
        "domain invalid",
        Files.readString(slice.resolve("events-steps.scope/cgroup.type")).strip());
  }

  private String group() {
    StepRun plain = Scripts.run(Payload.EMPTY);
    StepRun run = new StepRun(plain.event(), plain.id(), plain.variables(), root);
    Path path = Path.of(scripts.complete("10group", run).stdout().getFirst().substring(3));
    int names = path.getNameCount();
    return names < 2 ? path.toString() : path.subpath(names - 2, names).toString();
  }

  private static Optional<Path> mount() throws IOException {
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      return mounts
          .map(line -> line.split(" "))
          .filter(fields -> fields[2].equals("cgroup2") && fields[3].startsWith("rw"))
          .map(fields -> Path.of(fields[1]))
          .findFirst();
    }
  }

  private static boolean removed(Path group) {
    try {
      Files.deleteIfExists(group);
      return true;
    } catch (IOException e) {
      // Its last process is not quite gone.
      return false;
    }
  }

  private static void remove(Path group) throws IOException {
    if (!Files.exists(group)) {
      return;
    }
    try (Stream<Path> inner = Files.list(group)) {
      for (Path each : inner.filter(Files::isDirectory).toList()) {
        remove(each);
      }
    }
    Scripts.await("the group " + group + " can be removed", () -> removed(group));
  }
}
