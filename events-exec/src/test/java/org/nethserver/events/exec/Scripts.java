package org.nethserver.events.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepSource;
import org.nethserver.events.api.spi.StepUser;

/** An events directory with real files, opened as an agent opens it. */
final class Scripts implements AutoCloseable {
  static final EventName EVENT = new EventName("thing-changed");

  private static final Path NOWHERE = Path.of("/nowhere");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger STARTS = new AtomicInteger();
  private static final String UNIQUE = ProcessHandle.current().pid() + "-" + System.nanoTime();

  private final Path root;
  private final StepSource source;

  Scripts(Path root) {
    this(root, Trust.OWNER);
  }

  Scripts(Path root, Trust trust) {
    this(root, trust, InstantSource.system());
  }

  Scripts(Path root, Trust trust, InstantSource clock) {
    this(root, trust, clock, new StepUser.Own(), NOWHERE);
  }

  /** Opens it for steps of another user. */
  Scripts(Path root, StepUser user) {
    this(root, Trust.OWNER, InstantSource.system(), user, NOWHERE);
  }

  Scripts(Path root, StepUser user, Path cgroups) {
    this(root, Trust.OWNER, InstantSource.system(), user, cgroups);
  }

  private Scripts(Path root, Trust trust, InstantSource clock, StepUser user, Path cgroups) {
    this.root = root;
    this.source =
        new ScriptStepProvider(clock, cgroups)
            .open(new AgentSettings("module/test1", List.of(root), trust, user))
            .getFirst();
  }

  StepSource source() {
    return source;
  }

  Path eventDirectory() {
    return root.resolve(EVENT.text());
  }

  /** Writes an executable bash script. */
  Path bash(String name, String body) {
    return file(name, "#!/bin/bash\n" + body + "\n", "rwxr-xr-x");
  }

  Path file(String name, String content, String permissions) {
    Path file = eventDirectory().resolve(name);
    try {
      Files.createDirectories(eventDirectory());
      Files.writeString(file, content);
      chmod(file, permissions);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void chmod(Path file, String permissions) {
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<StepEntry> entries() {
    return source.entries(EVENT).stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
  }

  List<String> names() {
    return entries().stream().map(entry -> entry.name().toString()).toList();
  }

  Disposition disposition(String name) {
    return entries().stream()
        .filter(entry -> entry.name().equals(StepName.of(name)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no entry " + name + " among " + names()))
        .disposition();
  }

  String refusal(String name) {
    return switch (disposition(name)) {
      case Disposition.Refused(String why) -> why;
      case Disposition other -> throw new AssertionError(name + " is not refused but " + other);
    };
  }

  Step step(String name) {
    return switch (disposition(name)) {
      case Disposition.Runs(Step step) -> step;
      case Disposition other -> throw new AssertionError(name + " does not run but " + other);
    };
  }

  /** What runs a step once: an id of its own, and just enough environment. */
  static StepRun run(Payload payload) {
    String id = UNIQUE + "-" + STARTS.incrementAndGet();
    Event event =
        new Event("event-1", Channel.parse("cluster/event/" + EVENT), payload, Instant.EPOCH);
    Variables variables = Variables.NONE.with("PATH", "/usr/bin:/bin").with("AGENT_STEP_RUN", id);
    return new StepRun(event, id, variables, Path.of("").toAbsolutePath());
  }

  Step.Execution start(String name, StepListener listener) {
    return step(name).start(run(Payload.EMPTY), listener);
  }

  /** Runs a step to its end. */
  RecordingListener complete(String name) {
    return complete(name, run(Payload.EMPTY));
  }

  RecordingListener complete(String name, StepRun run) {
    RecordingListener listener = new RecordingListener();
    var unused = step(name).start(run, listener);
    listener.awaitEnd();
    return listener;
  }

  static boolean isAlive(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.UTF_8);
      return !stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits for a condition. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
