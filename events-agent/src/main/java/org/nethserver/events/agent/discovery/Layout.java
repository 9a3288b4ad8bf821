package org.nethserver.events.agent.discovery;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where a node keeps its modules, and by what one sees that these have changed. */
final class Layout {
  private static final String ATTRIBUTES = "unix:dev,ino,ctime,size";

  /** Within one tick of a file system's clock a second change would not be seen. */
  private static final Duration COARSEST_TICK = Duration.ofSeconds(2);

  /** Agents that no home may pose as. */
  private static final Set<String> OF_ROOT = Set.of("cluster", "node");

  private final Path homes;
  private final Path rootful;
  private final Path environment;

  Layout(Path root) {
    this.homes = root.resolve("home");
    this.rootful = root.resolve("var/lib/nethserver");
    this.environment = root.resolve("etc/nethserver/agent.env");
  }

  /**
   * What was seen at one time.
   *
   * @param modules where a module is or may be; those of root first
   * @param stamps what tells the files apart from what they were, by path
   * @param isSettled whether what changes after this differs
   */
  record Sight(List<Module> modules, Map<Path, Map<String, Object>> stamps, boolean isSettled) {
    static final Sight NOTHING = new Sight(List.of(), Map.of(), false);
  }

  /** The file with variables of all agents. */
  Path environment() {
    return environment;
  }

  /**
   * Looks what is there.
   *
   * @param before what was seen before: where its directories are no different they are not listed
   */
  Sight sight(Sight before) {
    Map<Path, Map<String, Object>> stamps = new HashMap<>();
    for (Path path : List.of(rootful, homes, environment)) {
      stamps.put(path, stamp(path));
    }
    boolean sameDirectories =
        stamps.entrySet().stream()
            .allMatch(entry -> entry.getValue().equals(before.stamps.get(entry.getKey())));
    List<Module> modules = sameDirectories ? before.modules : list();
    modules.forEach(module -> stamps.put(module.environment(), stamp(module.environment())));
    Instant young = Instant.now().minus(COARSEST_TICK);
    return new Sight(
        modules,
        stamps,
        stamps.values().stream()
            .allMatch(
                stamp ->
                    !(stamp.get("ctime") instanceof FileTime time)
                        || time.toInstant().isBefore(young)));
  }

  private List<Module> list() {
    List<Module> modules = new ArrayList<>();
    names(rootful).forEach(name -> modules.add(new Module(name, rootful.resolve(name), false)));
    names(homes).stream()
        .filter(name -> !OF_ROOT.contains(name))
        .forEach(
            name -> modules.add(new Module(name, homes.resolve(name).resolve(".config"), true)));
    return List.copyOf(modules);
  }

  private static List<String> names(Path directory) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // there is none of this kind
    }
    names.removeIf(name -> !Module.isName(name));
    names.sort(Comparator.naturalOrder());
    return names;
  }

  private static Map<String, Object> stamp(Path path) {
    try {
      return Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      return Map.of();
    }
  }
}
