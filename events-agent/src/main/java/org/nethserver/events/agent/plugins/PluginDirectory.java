package org.nethserver.events.agent.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.api.spi.AgentSettings.Trust;

/**
 * The plugins of one directory as they were loaded, by file name. Holds each of them open.
 *
 * @param path the directory
 * @param plugins those in use
 * @param problems what is not used, and why
 */
record PluginDirectory(Path path, List<Listed> plugins, List<PluginProblem> problems) {
  /**
   * A plugin in use.
   *
   * @param plugin the plugin
   * @param handlers those of its handlers that no other one stands in the way of
   */
  record Listed(Plugin plugin, List<HandlerStep> handlers) {}

  /** Nothing is loaded yet. */
  static PluginDirectory empty(Path path) {
    return new PluginDirectory(path, List.of(), List.of());
  }

  /**
   * Loads what is new or has changed or is stuck, and shares the rest with this one. What cannot be
   * loaded leaves the plugin that was there before.
   */
  PluginDirectory next(PluginLoader loader, Trust trust) {
    List<PluginProblem> found = new ArrayList<>();
    Loading loading = new Loading(loader, found);
    try {
      List<PluginFile> files = PluginFile.list(path);
      if (!files.isEmpty() && trust == Trust.OWNER) {
        checkTrust();
      }
      for (PluginFile file : files) {
        loading.add(file, before(file));
      }
    } catch (PluginFailure e) {
      found.add(e.of("", path));
      // What was loaded before is still as it was.
      plugins.forEach(listed -> loading.keep(listed.plugin()));
    } catch (IOException e) {
      found.add(PluginLoader.unreadable(e).of("", path));
      plugins.forEach(listed -> loading.keep(listed.plugin()));
    }
    return new PluginDirectory(path, withoutClashes(loading.plugins, found), List.copyOf(found));
  }

  private void checkTrust() throws IOException, PluginFailure {
    Optional<FileTrust.Objection> objection = FileTrust.ofThisProcess().objection(path);
    if (objection.isPresent()) {
      throw new PluginFailure(objection.get().why(), objection.get().cure());
    }
  }

  private Optional<Plugin> before(PluginFile file) {
    return plugins.stream()
        .map(Listed::plugin)
        .filter(plugin -> plugin.file().path().equals(file.path()))
        .findFirst();
  }

  private static List<Listed> withoutClashes(List<Plugin> plugins, List<PluginProblem> found) {
    List<HandlerStep> taken = new ArrayList<>();
    List<Listed> listed = new ArrayList<>();
    for (Plugin plugin : plugins) {
      listed.add(new Listed(plugin, withoutClashes(plugin, taken, found)));
    }
    return List.copyOf(listed);
  }

  private static List<HandlerStep> withoutClashes(
      Plugin plugin, List<HandlerStep> taken, List<PluginProblem> found) {
    List<HandlerStep> free = new ArrayList<>();
    for (HandlerStep handler : plugin.handlers()) {
      Optional<HandlerStep> other = taken.stream().filter(handler::clashes).findFirst();
      if (other.isEmpty()) {
        taken.add(handler);
        free.add(handler);
      } else {
        found.add(
            new PluginProblem(
                plugin.name(),
                plugin.file().path(),
                "its step \"%s\" for %s is there already, of plugin \"%s\""
                    .formatted(handler.name(), handler.events(), other.get().plugin()),
                "rename one of the two, or put this plugin into a later directory to replace"
                    + " the other"));
      }
    }
    return List.copyOf(free);
  }

  /** Lets all of them go. */
  void release() {
    plugins.forEach(listed -> listed.plugin().use().release());
  }

  /** One loading of a directory's plugins, in their order. */
  private static final class Loading {
    private final PluginLoader loader;
    private final List<PluginProblem> found;
    private final List<Plugin> plugins = new ArrayList<>();

    Loading(PluginLoader loader, List<PluginProblem> found) {
      this.loader = loader;
      this.found = found;
    }

    void add(PluginFile file, Optional<Plugin> before) {
      if (before.isPresent() && isUnchanged(before.get(), file)) {
        keep(before.get());
        return;
      }
      if (before.isPresent() && before.get().use().isPinned()) {
        found.add(
            new PluginProblem(
                file.name(),
                file.path(),
                "it has changed, but its transport is in use",
                "restart the agent"));
        keep(before.get());
        return;
      }
      try {
        Plugin plugin = loader.load(file);
        try {
          checkModules(plugin);
        } catch (PluginFailure e) {
          plugin.use().release();
          throw e;
        }
        if (before.isPresent() && !plugin.problems().isEmpty()) {
          plugin.use().release();
          found.addAll(plugin.problems().stream().map(Loading::kept).toList());
          keep(before.get());
        } else {
          found.addAll(plugin.problems());
          add(plugin);
        }
      } catch (PluginFailure e) {
        PluginProblem problem = e.of(file.name(), file.path());
        found.add(before.isPresent() ? kept(problem) : problem);
        before.ifPresent(this::keep);
      }
    }

    /** A stuck plugin is loaded anew though its jars are the same. */
    private static boolean isUnchanged(Plugin plugin, PluginFile file) {
      try {
        return !plugin.use().isStuck()
            && plugin.file().equals(file)
            && plugin.stamps().equals(file.stamps());
      } catch (IOException e) {
        return false;
      }
    }

    private void checkModules(Plugin plugin) throws PluginFailure {
      for (Plugin other : plugins) {
        for (String module : plugin.modules()) {
          if (other.modules().contains(module)) {
            throw new PluginFailure(
                "its module \"%s\" is also that of \"%s\", which stays"
                    .formatted(module, other.file().path().getFileName()),
                "remove one of the two");
          }
        }
      }
    }

    private static PluginProblem kept(PluginProblem problem) {
      return new PluginProblem(
          problem.plugin(),
          problem.file(),
          problem.why() + "; the version that was loaded before stays in use",
          problem.cure());
    }

    private void keep(Plugin plugin) {
      plugin.use().retain();
      found.addAll(plugin.problems());
      add(plugin);
    }

    private void add(Plugin plugin) {
      plugins.add(plugin);
    }
  }
}
