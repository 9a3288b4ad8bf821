package org.nethserver.events.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a package installs, in any format of packages.
 *
 * @param entries where each directory, file or link will be, absolute, and what it is a copy of; of
 *     directories those alone that belong to no other package
 */
record Contents(SortedMap<String, Path> entries) {
  static final int DIRECTORY = 0755;

  Contents {
    entries = new TreeMap<>(entries);
  }

  static Contents none() {
    return new Contents(new TreeMap<>());
  }

  /** Returns these, and all that a directory holds where it will be itself. */
  Contents with(String place, Path directory) throws IOException {
    SortedMap<String, Path> all = new TreeMap<>(entries);
    try (Stream<Path> files = Files.walk(directory)) {
      files.forEach(file -> all.put(join(place, directory.relativize(file).toString()), file));
    }
    return new Contents(all);
  }

  /** Returns these, and the files of a directory in one that others use too. */
  Contents withFiles(String place, Path directory) throws IOException {
    SortedMap<String, Path> all = new TreeMap<>(entries);
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .filter(file -> !isDirectory(file))
          .forEach(file -> all.put(join(place, directory.relativize(file).toString()), file));
    }
    return new Contents(all);
  }

  /** Returns the same, where what would be in one directory is in another one. */
  Contents moved(String from, String to) {
    SortedMap<String, Path> all = new TreeMap<>();
    for (Map.Entry<String, Path> entry : entries.entrySet()) {
      String place = entry.getKey();
      all.put(
          place.startsWith(from + "/") ? to + place.substring(from.length()) : place,
          entry.getValue());
    }
    return new Contents(all);
  }

  private static String join(String place, String name) {
    return name.isEmpty() ? place : place + "/" + name;
  }

  static boolean isDirectory(Path file) {
    return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns the permissions of a file: those of the build's umask are nobody's wish. */
  static int mode(Path file) {
    return Files.isExecutable(file) ? 0755 : 0644;
  }
}
