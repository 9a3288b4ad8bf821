package org.nethserver.events.agent.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a standard descriptor of this process leads to.
 *
 * @param device the file's device; 0 if the descriptor is closed
 * @param inode the file's inode; 0 if the descriptor is closed
 * @param isTerminal whether it is a terminal
 */
record Standard(long device, long inode, boolean isTerminal) {
  private static final int TYPE = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int MEMORY_DEVICES = 1;

  static Standard of(int descriptor) {
    try {
      // The JDK has no other way to fstat; "unix" is the view of all Unix systems.
      Map<String, Object> file =
          Files.readAttributes(Path.of("/proc/self/fd/" + descriptor), "unix:dev,ino,mode,rdev");
      int mode = number(file, "mode").intValue();
      int major = (int) (number(file, "rdev").longValue() >> 8) & 0xfff;
      // A character device that is not of /dev/null's kind: the JDK tells terminals not apart.
      return new Standard(
          number(file, "dev").longValue(),
          number(file, "ino").longValue(),
          (mode & TYPE) == CHARACTER_DEVICE && major != MEMORY_DEVICES);
    } catch (IOException _) {
      return new Standard(0, 0, false);
    }
  }

  /** As systemd writes it into {@code JOURNAL_STREAM}. */
  String journalStream() {
    return device + ":" + inode;
  }

  boolean isSameAs(Standard other) {
    return inode != 0 && device == other.device && inode == other.inode;
  }

  private static Number number(Map<String, Object> file, String name) {
    return file.get(name) instanceof Number number ? number : 0;
  }
}
