package org.nethserver.events.exec;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.StepProvider;
import org.nethserver.events.api.spi.StepSource;

/**
 * Opens script directories. The sources of all agents share one loop, which lives as long as any of
 * them does.
 */
public final class ScriptStepProvider implements StepProvider {
  private final Object lock = new Object();

  /** Guarded by the lock. */
  private Optional<Machinery.Starting> shared = Optional.empty();

  /** Guarded by the lock: how many sources use it. */
  private int users;

  private final InstantSource clock;
  private final Path cgroups;

  /** For the service loader. */
  public ScriptStepProvider() {
    this(InstantSource.system(), Path.of("/sys/fs/cgroup"));
  }

  /**
   * Makes a provider.
   *
   * @param clock the clock that files are stamped by
   * @param cgroups where control groups are mounted
   */
  ScriptStepProvider(InstantSource clock, Path cgroups) {
    this.clock = clock;
    this.cgroups = cgroups;
  }

  /**
   * Opens one source an events directory, in their order.
   *
   * @throws IllegalArgumentException if a directory is not absolute, if this module may not call
   *     the C library, or if this process may not become the agent's user
   */
  @Override
  public List<StepSource> open(AgentSettings agent) {
    for (Path directory : agent.eventsDirectories()) {
      if (!directory.isAbsolute()) {
        throw new IllegalArgumentException(
            "the events directory \"%s\" is not absolute; give its whole path"
                .formatted(directory));
      }
    }
    checkNativeAccess(ScriptStepProvider.class.getModule());
    return agent.eventsDirectories().stream()
        .<StepSource>map(directory -> open(directory, agent))
        .toList();
  }

  private StepSource open(Path directory, AgentSettings agent) {
    StepAccount account = StepAccount.of(agent.user(), cgroups);
    ScriptRunner runner = new ScriptRunner(acquire(), account, this::release);
    return new ScriptDirectory(directory, agent.trust(), runner, clock);
  }

  /** Scripts cannot be run in another way: only this keeps what handlers rely on. */
  static void checkNativeAccess(Module module) {
    if (!module.isNativeAccessEnabled()) {
      throw new IllegalArgumentException(
          "scripts cannot be started, since %s may not call the C library; start Java with %s"
              .formatted(
                  module.isNamed() ? "module " + module.getName() : "the class path",
                  "--enable-native-access="
                      + (module.isNamed() ? module.getName() : "ALL-UNNAMED")));
    }
  }

  private Machinery.Starting acquire() {
    synchronized (lock) {
      if (shared.isEmpty()) {
        shared = Optional.of(Machinery.start());
      }
      users++;
      return shared.get();
    }
  }

  private void release() {
    Optional<Machinery.Starting> unused = Optional.empty();
    synchronized (lock) {
      users--;
      if (users == 0) {
        unused = shared;
        shared = Optional.empty();
      }
    }
    unused.ifPresent(machinery -> machinery.ifMade(Machinery::close));
  }
}
