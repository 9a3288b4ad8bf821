package org.nethserver.events.agent.plugins;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Why a plugin, or a part of it, is not used. Everything else runs on.
 *
 * @param plugin the plugin's name, or empty where a whole directory of plugins is meant
 * @param file its jar or directory
 * @param why what is wrong
 * @param cure what to do about it
 */
public record PluginProblem(String plugin, Path file, String why, String cure) {
  /** Refuses null. */
  public PluginProblem {
    Objects.requireNonNull(plugin, "plugin");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(why, "why");
    Objects.requireNonNull(cure, "cure");
  }

  /** Returns all of it in one sentence. */
  @Override
  public String toString() {
    return (plugin.isEmpty() ? "Plugins" : "Plugin \"" + plugin + "\"")
        + " in \""
        + file
        + "\": "
        + why
        + "; "
        + cure;
  }
}
