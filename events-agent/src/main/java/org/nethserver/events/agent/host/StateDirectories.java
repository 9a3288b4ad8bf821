package org.nethserver.events.agent.host;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.nethserver.events.agent.posix.Accounts;

/**
 * Where a host keeps what it has to remember of its agents: a directory for each, which is for this
 * process's user alone. Into directories of modules it writes nothing, since their owners could
 * lead it anywhere.
 *
 * @param base the directory that they are in
 */
public record StateDirectories(Path base) {
  private static final int OTHERS = 0077;
  private static final int WRITABLE_FOR_OTHERS = 0022;

  /** Returns where an agent's directory is, if it is there. */
  public Path path(String agentId) {
    // No id has a plus, so no two agents share a name.
    return base.resolve(agentId.replace('/', '+'));
  }

  /**
   * Returns an agent's directory, which is made if it is not there.
   *
   * @throws IOException if there can be none; the message says which, why, and what to do
   */
  Path of(String agentId) throws IOException {
    Files.createDirectories(
        base, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path directory = path(agentId);
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      // What it is, is asked below.
    }
    check(agentId);
    return directory;
  }

  /**
   * Checks that nobody else can read or change what an agent's directory holds.
   *
   * @throws IOException if somebody can, or if it is not there; the message says what to do
   */
  public void check(String agentId) throws IOException {
    check(base.toRealPath(), WRITABLE_FOR_OTHERS);
    check(path(agentId), OTHERS);
  }

  private static void check(Path directory, int forbidden) throws IOException {
    Map<String, Object> status =
        Files.readAttributes(directory, "unix:isDirectory,uid,mode", LinkOption.NOFOLLOW_LINKS);
    if (!Boolean.TRUE.equals(status.get("isDirectory"))) {
      throw new IOException(directory + " is no directory; take it away");
    }
    if (!(status.get("uid") instanceof Integer uid) || uid != Accounts.effectiveUser()) {
      throw new IOException(
          directory
              + " belongs to user "
              + status.get("uid")
              + ", not to this process's; run chown");
    }
    if (!(status.get("mode") instanceof Integer mode) || (mode & forbidden) != 0) {
      throw new IOException(directory + " is open to others; run chmod 700");
    }
  }
}
