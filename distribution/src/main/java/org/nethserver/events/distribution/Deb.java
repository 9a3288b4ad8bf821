package org.nethserver.events.distribution;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A package for Debian and its kin.
 *
 * @param contents what it installs
 * @param version in the form of packages
 * @param architecture as Debian calls it
 * @param scripts a directory with the scripts of the package, and what is said about it
 * @param time that all entries carry
 */
record Deb(Contents contents, String version, String architecture, Path scripts, Instant time) {
  /** Writes the package, by way of a file for its longer part. */
  void write(Path file) throws IOException {
    Path data = Path.of(file + ".data");
    try (OutputStream out = Files.newOutputStream(data)) {
      data(out);
    }
    ByteArrayOutputStream control = new ByteArrayOutputStream();
    control(control);
    try (ArArchiveOutputStream package_ = new ArArchiveOutputStream(Files.newOutputStream(file))) {
      member(package_, "debian-binary", 4);
      package_.write("2.0\n".getBytes(StandardCharsets.US_ASCII));
      package_.closeArchiveEntry();
      member(package_, "control.tar.gz", control.size());
      control.writeTo(package_);
      package_.closeArchiveEntry();
      member(package_, "data.tar.gz", Files.size(data));
      Files.copy(data, package_);
      package_.closeArchiveEntry();
    }
    Files.delete(data);
  }

  private void member(ArArchiveOutputStream package_, String name, long size) throws IOException {
    package_.putArchiveEntry(new ArArchiveEntry(name, size, 0, 0, 0100644, time.getEpochSecond()));
  }

  private void data(OutputStream out) throws IOException {
    try (TarArchiveOutputStream tar = tar(out)) {
      // Debian's tool makes no directory by itself, not even a common one.
      for (String directory : parents()) {
        directory(tar, directory);
      }
      for (Map.Entry<String, Path> entry : contents.entries().entrySet()) {
        Path file = entry.getValue();
        if (Files.isSymbolicLink(file)) {
          TarArchiveEntry link = new TarArchiveEntry("." + entry.getKey(), TarConstants.LF_SYMLINK);
          link.setLinkName(Files.readSymbolicLink(file).toString());
          put(tar, link, 0777);
          tar.closeArchiveEntry();
        } else if (Contents.isDirectory(file)) {
          directory(tar, entry.getKey());
        } else {
          file(tar, "." + entry.getKey(), file, Contents.mode(file));
        }
      }
    }
  }

  private SortedSet<String> parents() {
    SortedSet<String> parents = new TreeSet<>();
    for (String place : contents.entries().keySet()) {
      for (int end = place.lastIndexOf('/'); end > 0; end = place.lastIndexOf('/', end - 1)) {
        parents.add(place.substring(0, end));
      }
    }
    parents.removeAll(contents.entries().keySet());
    return parents;
  }

  private void control(OutputStream out) throws IOException {
    try (TarArchiveOutputStream tar = tar(out)) {
      text(tar, "control", description(), 0644);
      text(tar, "md5sums", digests(), 0644);
      file(tar, "./postinst", scripts.resolve("after-install.sh"), 0755);
      file(tar, "./prerm", scripts.resolve("before-remove.sh"), 0755);
      file(tar, "./postrm", scripts.resolve("after-remove.sh"), 0755);
    }
  }

  private String description() throws IOException {
    long size = 0;
    for (Path file : files().values()) {
      size += Files.size(file);
    }
    return Files.readString(scripts.resolve("control"))
        .replace("@version@", version)
        .replace("@architecture@", architecture)
        .replace("@size@", Long.toString(size / 1024));
  }

  private String digests() throws IOException {
    StringBuilder digests = new StringBuilder();
    for (Map.Entry<String, Path> file : files().entrySet()) {
      String digest = HexFormat.of().formatHex(md5().digest(Files.readAllBytes(file.getValue())));
      digests.append(digest).append("  ").append(file.getKey().substring(1)).append('\n');
    }
    return digests.toString();
  }

  private SortedMap<String, Path> files() {
    SortedMap<String, Path> files = new TreeMap<>(contents.entries());
    files.values().removeIf(file -> Files.isSymbolicLink(file) || Contents.isDirectory(file));
    return files;
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has MD5", e);
    }
  }

  private static TarArchiveOutputStream tar(OutputStream out) throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out, 1 << 16));
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    return tar;
  }

  private void directory(TarArchiveOutputStream tar, String place) throws IOException {
    put(tar, new TarArchiveEntry("." + place + "/"), Contents.DIRECTORY);
    tar.closeArchiveEntry();
  }

  private void file(TarArchiveOutputStream tar, String name, Path file, int mode)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(Files.size(file));
    put(tar, entry, mode);
    Files.copy(file, tar);
    tar.closeArchiveEntry();
  }

  private void text(TarArchiveOutputStream tar, String name, String text, int mode)
      throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry("./" + name);
    entry.setSize(content.length);
    put(tar, entry, mode);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode) throws IOException {
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setNames("root", "root");
    entry.setModTime(time.toEpochMilli());
    tar.putArchiveEntry(entry);
  }
}
