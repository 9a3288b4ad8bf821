package org.nethserver.events.agent.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Finding.Severity;

final class SystemTests {
  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max processes             90                   90                   processes
      Max open files            1024                 524288               files
      """;

  @Test
  void openFilesMustDoForAllSteps() {
    assertEquals(
        Finding.ok("files", "1024 open files are allowed, 192 are needed"),
        ProcessLimits.files(LIMITS, 32));
    assertEquals(
        Finding.problem(
            "files",
            "1024 open files are allowed, and 500 steps at once need 2064",
            "set LimitNOFILE=2064 in the agent's unit, or a lower --max-concurrency"),
        ProcessLimits.files(LIMITS, 500));
    assertEquals(
        Finding.ok("files", "unlimited open files are allowed, 192 are needed"),
        ProcessLimits.files(LIMITS.replace("1024  ", "unlimited"), 32));
  }

  @Test
  void processesMustDoForAllSteps() {
    assertEquals(
        Finding.warning(
            "processes",
            "90 processes are allowed for the user, and 32 steps at once need at least 96",
            "set LimitNPROC= in the agent's unit, or a lower --max-concurrency"),
        ProcessLimits.processes(LIMITS, 32));
    assertEquals(Severity.OK, ProcessLimits.processes(LIMITS, 8).severity());
  }

  @Test
  void controlGroupMustHoldTheHeap() {
    long heap = 256L << 20;
    assertEquals(
        Finding.warning(
            "memory-max",
            "the control group allows 200 MiB, and an agent takes 352 MiB at most: the kernel may"
                + " kill it, and steps count too",
            "set MemoryMax= of its unit to more, or a lower -Xmx in lib/events.options"),
        Memory.group(OptionalLong.of(200L << 20), heap));
    assertEquals(Severity.OK, Memory.group(OptionalLong.of(400L << 20), heap).severity());
    assertEquals(Severity.OK, Memory.group(OptionalLong.empty(), heap).severity());
  }

  @Test
  void hostMustHaveTheHeap() {
    String meminfo = "MemTotal:        1048576 kB\nMemAvailable:     102400 kB\n";
    assertEquals(
        Finding.warning(
            "memory",
            "100 MiB of 1024 MiB are available, less than the heap of an agent may take (256 MiB)",
            "free memory, or host all agents of the node in one process: docs/hosting.md"),
        Memory.host(meminfo, 256L << 20));
    assertEquals(Severity.OK, Memory.host(meminfo, 64L << 20).severity());
  }

  @Test
  void lockHasAHolder() {
    List<String> lines =
        List.of(
            "1: POSIX  ADVISORY  WRITE 4711 08:01:131 0 EOF",
            "2: FLOCK  ADVISORY  WRITE 4712 08:01:132 0 EOF",
            "3: POSIX  ADVISORY  READ 4713 08:01:133 0 EOF",
            "1: -> POSIX  ADVISORY  WRITE 4714 08:01:134 0 EOF",
            "4: POSIX  ADVISORY  WRITE 0 08:01:135 0 EOF");
    assertEquals(OptionalLong.of(4711), LockHolder.of(lines, "131"));
    for (String other : List.of("31", "132", "133", "134", "135")) {
      assertEquals(OptionalLong.empty(), LockHolder.of(lines, other), other);
    }
  }

  @Test
  void oldKernelIsAProblem() {
    assertEquals(
        Finding.problem(
            "kernel",
            "Linux 4.18.0-553.el8 is too old to start steps",
            "update it to 5.4 or later"),
        Machine.kernel("4.18.0-553.el8"));
    assertEquals(Severity.OK, Machine.kernel("5.14.0-427.el9").severity());
    assertEquals(Severity.OK, Machine.kernel("6.1.0-18-amd64").severity());
    assertEquals(Severity.NOTE, Machine.kernel("odd").severity());
  }

  @Test
  void machineIsLookedAtByItsFiles(@TempDir Path root) throws IOException {
    Path release = root.resolve("proc/sys/kernel/osrelease");
    Files.createDirectories(release.getParent());
    Files.writeString(release, "6.1.0\n");
    List<Finding> poor = new Machine(root, root.resolve("image"), "").findings();
    assertEquals(
        List.of(
            Finding.ok("kernel", "Linux 6.1.0"),
            Finding.note("clock-sync", "not known whether anything keeps this machine's clock"),
            Finding.note(
                "journald", "there is no journald: the agent writes plain lines to its output"),
            Finding.warning(
                "image",
                root + "/image/lib/events.aot is missing: each start takes a second longer",
                "install the package again")),
        poor);
    for (String file :
        List.of(
            "run/systemd/timesync/synchronized",
            "run/systemd/journal/socket",
            "image/lib/events.aot")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), "");
    }
    String maps = "7f00-7f01 r--p 0 08:01 1 " + root + "/image/lib/events.aot";
    List<Finding> rich = new Machine(root, root.resolve("image"), maps).findings();
    assertTrue(rich.stream().allMatch(f -> f.severity() == Severity.OK), rich::toString);
    assertEquals(
        root + "/image/lib/events.aot is not used: each start takes a second longer",
        new Machine(root, root.resolve("image"), "").findings().getLast().what());
  }

  @Test
  void unitOfAnAgentIsFoundByItsId() {
    assertEquals("events-agent@samba1.service", Unit.of("module/samba1", true).name());
    assertEquals("events-agent@cluster.service", Unit.of("cluster", true).name());
    assertEquals(new Unit("events-agent.service", true), Unit.of("module/traefik1", false));
  }

  @Test
  void unitThatFailedSaysWhereToLook() {
    Unit unit = new Unit("events-agent.service", true);
    assertEquals(
        Finding.problem(
            "unit",
            "events-agent.service has failed: exit-code",
            "see journalctl --user -u events-agent.service, then run systemctl --user restart"
                + " events-agent.service"),
        unit.finding(
            Map.of("LoadState", "loaded", "ActiveState", "failed", "Result", "exit-code")));
    assertEquals(
        Finding.warning(
            "unit",
            "events-agent.service is inactive",
            "run systemctl --user start events-agent.service, unless another process has this"
                + " agent: events-host.service, or the NS8 agent itself"),
        unit.finding(Map.of("LoadState", "loaded", "ActiveState", "inactive")));
    assertEquals(
        Finding.ok("unit", "events-agent.service is active, process 12"),
        unit.finding(Map.of("LoadState", "loaded", "ActiveState", "active", "MainPID", "12")));
    assertEquals(
        Severity.NOTE,
        unit.finding(Map.of("LoadState", "not-found", "ActiveState", "inactive")).severity());
    assertEquals(Severity.NOTE, unit.finding(Map.of()).severity());
  }
}
