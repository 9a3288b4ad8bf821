package org.nethserver.events.agent.plugins;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A plugin as it lies in a directory of plugins: a jar, or a directory of jars.
 *
 * @param path the jar or the directory
 * @param jars its jars, by name
 */
record PluginFile(Path path, List<Path> jars) {
  private static final String JAR = ".jar";
  private static final Comparator<Path> BY_NAME = Comparator.comparing(PluginFile::fileName);

  PluginFile {
    jars = List.copyOf(jars);
  }

  /** Returns the plugin's name: that of its directory, or of its jar without the ending. */
  String name() {
    String file = fileName(path);
    return isDirectory() ? file : file.substring(0, file.length() - JAR.length());
  }

  boolean isDirectory() {
    return !jars.equals(List.of(path));
  }

  /**
   * Lists the plugins of a directory by file name. Hidden files and what is no jar are passed over,
   * and so are the leavings of editors and package managers, which do not end in {@code .jar}.
   *
   * @throws IOException if the directory is there and cannot be listed
   */
  static List<PluginFile> list(Path directory) throws IOException {
    List<PluginFile> plugins = new ArrayList<>();
    for (Path path : listed(directory)) {
      if (Files.isDirectory(path)) {
        List<Path> jars = listed(path).stream().filter(PluginFile::isJar).toList();
        if (!jars.isEmpty()) {
          plugins.add(new PluginFile(path, jars));
        }
      } else if (isJar(path)) {
        plugins.add(new PluginFile(path, List.of(path)));
      }
    }
    return plugins;
  }

  /** Looks at its jars as they are now. */
  List<FileStamp> stamps() throws IOException {
    List<FileStamp> stamps = new ArrayList<>();
    for (Path jar : jars) {
      stamps.add(FileStamp.of(jar));
    }
    return stamps;
  }

  private static List<Path> listed(Path directory) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(directory, path -> !fileName(path).startsWith("."))) {
      all.forEach(paths::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    paths.sort(BY_NAME);
    return paths;
  }

  private static boolean isJar(Path path) {
    return fileName(path).endsWith(JAR) && !Files.isDirectory(path);
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }
}
