package org.nethserver.events.agent.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Whose jars are loaded: the rules that hold for scripts. Anyone but root, the agent's own user and
 * their primary groups who could write a jar, or rename something into its place, would run code as
 * the agent.
 *
 * @param uid the agent's user
 * @param gid its primary group
 */
record FileTrust(int uid, int gid) {
  /** The kernel's own limit. */
  private static final int MAX_LINKS = 40;

  /** The rules for the user of this process. */
  static FileTrust ofThisProcess() throws IOException {
    List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
    return new FileTrust(effective(status, "Uid:"), effective(status, "Gid:"));
  }

  /** The line has the real, the effective, the saved and the file system's id. */
  private static int effective(List<String> status, String name) throws IOException {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> Integer.parseUnsignedInt(line.strip().split("\\s+")[2]))
        .findFirst()
        .orElseThrow(() -> new IOException("no line \"" + name + "\" in /proc/self/status"));
  }

  /** Says what is wrong with what a path means, links followed, and the cure. */
  Optional<Objection> objection(Path path) throws IOException {
    return objection(FileStamp.of(path), path);
  }

  /**
   * Says what is wrong with a file or directory in a directory that is trusted, and with all that a
   * symbolic link in its place leads through.
   */
  Optional<Objection> entryObjection(Path path) throws IOException {
    FileStamp stamp = FileStamp.of(path, LinkOption.NOFOLLOW_LINKS);
    return stamp.isLink() ? walk(path) : objection(stamp, path);
  }

  /**
   * Goes the way of the kernel, name by name, and asks at each whether somebody else could lead it
   * elsewhere: each directory passed, each further link in a shared directory, the directory that
   * the target lies in, and the target.
   */
  private Optional<Objection> walk(Path link) throws IOException {
    Path here = above(link.toAbsolutePath()).toRealPath();
    FileStamp hereStamp = FileStamp.of(here);
    Deque<Path> todo = new ArrayDeque<>(List.of(link.getFileName()));
    int links = 0;
    while (!todo.isEmpty()) {
      Path name = todo.pop();
      Path next = name.toString().equals("..") ? above(here) : here.resolve(name).normalize();
      FileStamp stamp = FileStamp.of(next, LinkOption.NOFOLLOW_LINKS);
      if (stamp.isLink()) {
        Optional<Objection> objection =
            hereStamp.isSticky() ? ownerObjection(stamp, next) : Optional.empty();
        if (objection.isPresent()) {
          return objection;
        }
        if (++links > MAX_LINKS) {
          return Optional.of(new Objection("too many symbolic links", "mend the link"));
        }
        Path target = Files.readSymbolicLink(next);
        parts(target).reversed().forEach(todo::push);
        if (target.isAbsolute()) {
          here = target.getRoot();
          hereStamp = FileStamp.of(here);
        }
      } else if (stamp.isDirectory()) {
        here = next;
        hereStamp = stamp;
        Optional<Objection> objection = passageObjection(stamp, next);
        if (objection.isPresent()) {
          return objection;
        }
      } else {
        Optional<Objection> objection = objection(hereStamp, here);
        return objection.isPresent() ? objection : objection(stamp, next);
      }
    }
    return objection(hereStamp, here);
  }

  private static Path above(Path directory) {
    Path parent = directory.getParent();
    return parent == null ? directory : parent;
  }

  private static List<Path> parts(Path target) {
    List<Path> parts = new ArrayList<>();
    target.forEach(parts::add);
    return parts;
  }

  /**
   * A directory that is only passed through. Where its sticky bit is set, others can add names but
   * take away none that a trusted user owns; and each name passed is checked for its owner.
   */
  private Optional<Objection> passageObjection(FileStamp stamp, Path path) {
    return stamp.isSticky() ? ownerObjection(stamp, path) : objection(stamp, path);
  }

  private Optional<Objection> objection(FileStamp stamp, Path path) {
    Optional<Objection> owner = ownerObjection(stamp, path);
    if (owner.isPresent()) {
      return owner;
    }
    if (stamp.isWorldWritable()) {
      return Optional.of(
          new Objection(
              "\"%s\" is writable by everyone (mode %s)".formatted(path, stamp.permissions()),
              "run chmod o-w"));
    }
    if (stamp.isGroupWritable() && stamp.gid() != 0 && stamp.gid() != gid) {
      return Optional.of(
          new Objection(
              "\"%s\" is writable by group %s (mode %s)"
                  .formatted(path, Integer.toUnsignedString(stamp.gid()), stamp.permissions()),
              "run chmod g-w"));
    }
    return Optional.empty();
  }

  private Optional<Objection> ownerObjection(FileStamp stamp, Path path) {
    if (stamp.uid() == 0 || stamp.uid() == uid) {
      return Optional.empty();
    }
    return Optional.of(
        new Objection(
            "\"%s\" is owned by user %s, neither root nor the agent's own"
                .formatted(path, Integer.toUnsignedString(stamp.uid())),
            "run chown " + Integer.toUnsignedString(uid)));
  }

  /**
   * What is wrong.
   *
   * @param why the reason
   * @param cure what to do
   */
  record Objection(String why, String cure) {}
}
