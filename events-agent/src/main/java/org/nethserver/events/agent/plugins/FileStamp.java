package org.nethserver.events.agent.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file as it is now: whose it is, and what tells it from any other and from itself after a
 * change. A rename changes {@code ctime} too, so two equal stamps enclose a time in which the path
 * meant one file.
 */
record FileStamp(int uid, int gid, int mode, long device, long inode, long size, String times) {
  private static final int TYPE = 0170000;
  private static final int FILE = 0100000;
  private static final int DIRECTORY = 0040000;
  private static final int LINK = 0120000;
  private static final int STICKY = 01000;
  private static final int GROUP_WRITABLE = 0020;
  private static final int WORLD_WRITABLE = 0002;
  private static final int PERMISSIONS = 07777;

  /** Looks at what a path means. */
  static FileStamp of(Path path, LinkOption... links) throws IOException {
    Map<String, Object> all = Files.readAttributes(path, "unix:*", links);
    return new FileStamp(
        (int) number(all, "uid"),
        (int) number(all, "gid"),
        (int) number(all, "mode"),
        number(all, "dev"),
        number(all, "ino"),
        number(all, "size"),
        all.get("lastModifiedTime") + "/" + all.get("ctime"));
  }

  private static long number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Number number ? number.longValue() : -1;
  }

  boolean isFile() {
    return (mode & TYPE) == FILE;
  }

  boolean isDirectory() {
    return (mode & TYPE) == DIRECTORY;
  }

  boolean isLink() {
    return (mode & TYPE) == LINK;
  }

  boolean isSticky() {
    return (mode & STICKY) != 0;
  }

  boolean isGroupWritable() {
    return (mode & GROUP_WRITABLE) != 0;
  }

  boolean isWorldWritable() {
    return (mode & WORLD_WRITABLE) != 0;
  }

  /** Returns the permissions as {@code stat -c %04a} shows them. */
  String permissions() {
    return "%04o".formatted(mode & PERMISSIONS);
  }
}
