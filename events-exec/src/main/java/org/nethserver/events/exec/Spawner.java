package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.spi.StepRun;

/**
 * Starts processes by {@code posix_spawn}: glibc makes of it a {@code clone} that shares the memory
 * until the exec, so its cost does not grow with the heap, and an exec that fails is reported here.
 *
 * <p>The child gets: the absolute path as its only argument; the payload, and pipes, as its
 * descriptors 0, 1 and 2 and no others; a process group of its own; every signal at its default and
 * none blocked, whatever the Java machine has set; umask and limits of this process.
 */
final class Spawner implements AutoCloseable {
  private static final MethodHandle SPAWN = Posix.function("posix_spawn");
  private static final MethodHandle ATTRIBUTES_INIT = Posix.function("posix_spawnattr_init");
  private static final MethodHandle ATTRIBUTES_FLAGS = Posix.function("posix_spawnattr_setflags");
  private static final MethodHandle ATTRIBUTES_DEFAULTS =
      Posix.function("posix_spawnattr_setsigdefault");
  private static final MethodHandle ATTRIBUTES_MASK = Posix.function("posix_spawnattr_setsigmask");

  private static final int SETPGROUP = 0x02;
  private static final int SETSIGDEF = 0x04;
  private static final int SETSIGMASK = 0x08;
  private static final int SIGSET_SIZE = 128;

  /** Larger than {@code posix_spawnattr_t} of any glibc. */
  private static final int ATTRIBUTES_SIZE = 1024;

  /** What an empty pipe always takes at once, however few pages the system grants it. */
  private static final int ALWAYS_FITS = 4096;

  private static final byte[] UNCHANGED = new byte[0];

  private final MemorySegment attributes = Arena.ofAuto().allocate(ATTRIBUTES_SIZE, 16);
  private final Path ownDirectory = Path.of("").toAbsolutePath();
  private final ThreadLocal<SpawnArea> areas = ThreadLocal.withInitial(SpawnArea::new);

  /** For the next start, if one was made. */
  private final AtomicReference<@Nullable Preparation> prepared = new AtomicReference<>();

  private volatile boolean closed;

  /** The directory of the last start: it is the same for all steps of an agent. */
  private volatile Directory lastDirectory = new Directory(ownDirectory, UNCHANGED);

  private record Directory(Path path, byte[] bytes) {}

  Spawner() {
    Inherited.mend();
    // All bits, including the two signals that glibc keeps for itself: it would otherwise leave
    // those ignored in the child.
    MemorySegment all = Arena.ofAuto().allocate(SIGSET_SIZE, 8).fill((byte) 0xff);
    MemorySegment none = Arena.ofAuto().allocate(SIGSET_SIZE, 8);
    Posix.call(ATTRIBUTES_INIT, attributes.address());
    Posix.call(ATTRIBUTES_FLAGS, attributes.address(), SETPGROUP | SETSIGDEF | SETSIGMASK);
    Posix.call(ATTRIBUTES_DEFAULTS, attributes.address(), all.address());
    Posix.call(ATTRIBUTES_MASK, attributes.address(), none.address());
    Reference.reachabilityFence(all);
    Reference.reachabilityFence(none);
  }

  /**
   * Prepares the next start, so that its event need not wait for that. Where it cannot be done, the
   * start itself will tell.
   */
  void prepare() {
    if (prepared.get() == null) {
      Preparation next = new Preparation();
      boolean kept = next.make() == 0 && prepared.compareAndSet(null, next);
      if (!kept || closed) {
        discard(kept ? prepared.getAndSet(null) : next);
      }
    }
  }

  private static void discard(@Nullable Preparation preparation) {
    if (preparation != null) {
      preparation.close();
    }
  }

  /** Starts a file; what fits of the payload is in its pipe before it runs. */
  Spawned spawn(byte[] file, StepRun run) {
    Preparation preparation = prepared.getAndSet(null);
    if (preparation == null) {
      preparation = new Preparation();
      int error = preparation.make();
      if (error < 0) {
        preparation.close();
        return new Spawned.Refused(StartFailure.noDescriptors(error));
      }
    }
    SpawnArea area = areas.get();
    StepPipes pipes = preparation.pipes();
    PayloadWriter payload = new PayloadWriter(pipes.stdinWrite(), run.event().payload().buffer());
    if (run.event().payload().size() > ALWAYS_FITS) {
      Posix.stopBlocking(payload.fd());
    }
    boolean written = payload.write(area.buffer);
    if (written) {
      pipes.closeStdinWrite();
    }
    byte[] directory = directoryBytes(run.directory());
    area.fill(file, directory, run.variables());
    int error = spawn(area, preparation, directory.length > 0);
    if (error != 0) {
      preparation.close();
      return new Spawned.Refused(StartFailure.explain(error, file, directory));
    }
    preparation.free();
    int pid = area.pid.get(ValueLayout.JAVA_INT, 0);
    // Frees three descriptors, so that the next call finds one even at the limit.
    pipes.closeChildEnds();
    int pidfd = Posix.pidfdOpen(pid);
    if (pidfd < 0) {
      // Another thread took the last descriptor just now. The end of this process could not be
      // noticed: end it before it has done much.
      Posix.kill(-pid, Posix.SIGKILL);
      Reaper.await(pid);
      pipes.close();
      return new Spawned.Refused(StartFailure.noDescriptors(pidfd));
    }
    return new Spawned.Running(
        pid,
        pidfd,
        written ? Optional.empty() : Optional.of(payload),
        pipes.stdoutRead(),
        pipes.stderrRead());
  }

  private int spawn(SpawnArea area, Preparation preparation, boolean changeDirectory) {
    int error = changeDirectory ? preparation.changeDirectory(area.directory()) : 0;
    return error != 0
        ? error
        : Posix.call(
            SPAWN,
            area.pid.address(),
            area.path(),
            preparation.actions(),
            attributes.address(),
            area.argv(),
            area.envp());
  }

  /** Frees what was prepared; starts may still come, and prepare for themselves alone. */
  @Override
  public void close() {
    closed = true;
    discard(prepared.getAndSet(null));
  }

  /** Returns what to change to; nothing where the child inherits the directory wanted. */
  private byte[] directoryBytes(Path directory) {
    Directory last = lastDirectory;
    if (!last.path().equals(directory)) {
      byte[] bytes = directory.equals(ownDirectory) ? UNCHANGED : PathBytes.of(directory);
      last = new Directory(directory, bytes);
      lastDirectory = last;
    }
    return last.bytes();
  }
}
