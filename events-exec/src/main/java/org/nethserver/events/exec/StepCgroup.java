package org.nethserver.events.exec;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.nethserver.events.api.spi.StepUser;

/**
 * The control group in which a user's steps run, below the one that systemd has given into that
 * user's hands: there it may be divided further, as podman does, which moves processes within the
 * user's own part of the tree only. Made when it is missing. Where systemd runs nothing for the
 * user there is none, and steps stay in the agent's; nor does it ever keep a step from running.
 *
 * <p>Used by the thread that starts steps.
 */
final class StepCgroup implements AutoCloseable {
  private static final String NAME = "events-steps.scope";

  /** What systemd gives away too when it delegates. */
  private static final List<String> DELEGATED =
      List.of("cgroup.procs", "cgroup.threads", "cgroup.subtree_control");

  private static final int NONE = -1;

  private final StepUser.Other user;
  private final Path parent;
  private final Path leaf;
  private final MemorySegment path;
  private int descriptor = NONE;
  private boolean told;

  /**
   * Makes one, without a look at the system.
   *
   * @param root where control groups are mounted
   */
  StepCgroup(Path root, StepUser.Other user) {
    this.user = user;
    String uid = Integer.toUnsignedString(user.uid());
    this.parent =
        root.resolve("user.slice")
            .resolve("user-" + uid + ".slice")
            .resolve("user@" + uid + ".service")
            .resolve("app.slice");
    this.leaf = parent.resolve(NAME);
    byte[] bytes = PathBytes.of(leaf);
    this.path = Arena.ofAuto().allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, path, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  /** Returns it, open and kept so; -1 if there is none now. */
  int descriptor() {
    if (descriptor < 0) {
      descriptor = open();
      if (descriptor == -Errno.ENOENT && Files.isDirectory(parent)) {
        descriptor = make() ? open() : NONE;
      }
    }
    return descriptor < 0 ? NONE : descriptor;
  }

  private int open() {
    return Posix.openat(
        Posix.AT_FDCWD, path.address(), Posix.O_PATH | Posix.O_DIRECTORY | Posix.O_NOFOLLOW);
  }

  private boolean make() {
    try {
      Files.createDirectory(leaf);
      give(leaf);
      for (String file : DELEGATED) {
        give(leaf.resolve(file));
      }
      return true;
    } catch (IOException e) {
      tell(e.toString());
      return false;
    }
  }

  private void give(Path file) throws IOException {
    Files.setAttribute(file, "unix:uid", user.uid(), LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(file, "unix:gid", user.gid(), LinkOption.NOFOLLOW_LINKS);
  }

  /** A child could not enter it: it may have been removed, and is looked for again. */
  void refused(int error) {
    close();
    if (error != Errno.ENODEV && error != Errno.ENOENT) {
      tell(Errno.text(error));
    }
  }

  private void tell(String why) {
    if (!told) {
      told = true;
      System.getLogger(StepCgroup.class.getName())
          .log(
              Level.INFO,
              "steps of user \"{0}\" run in the agent''s control group, not in \"{1}\": {2}",
              user.name(),
              leaf,
              why);
    }
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      Posix.close(descriptor);
      descriptor = NONE;
    }
  }
}
