package org.nethserver.events.agent.catalog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that uses the catalogue: where further files are. */
public final class CatalogOptions {
  static final String VARIABLE = "EVENTS_CATALOG_PATH";

  private final Map<String, String> environment;

  @Option(
      names = "--catalog",
      paramLabel = "DIR",
      description =
          "Add the catalogue files (*.json) of a directory; repeatable, a later event replaces one"
              + " of the same name. Default: the directories in "
              + VARIABLE
              + ", separated by colons.")
  private @Nullable List<Path> directories;

  /** Takes the variable from the process's environment. */
  public CatalogOptions() {
    this(System.getenv());
  }

  CatalogOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Loads the catalogue as asked for. Look at its {@link Catalog#problems}. */
  public Catalog load() {
    return Catalog.load(directories == null ? fromEnvironment() : directories);
  }

  private List<Path> fromEnvironment() {
    List<Path> paths = new ArrayList<>();
    Arrays.stream(environment.getOrDefault(VARIABLE, "").split(":"))
        .filter(name -> !name.isEmpty())
        .map(Path::of)
        .forEach(paths::add);
    return paths;
  }
}
