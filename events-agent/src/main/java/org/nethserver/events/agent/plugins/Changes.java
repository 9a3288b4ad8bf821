package org.nethserver.events.agent.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a reload changed, for people. */
final class Changes {
  private Changes() {}

  static List<String> between(List<Plugin> before, List<Plugin> after) {
    List<String> changes = new ArrayList<>();
    for (Plugin plugin : after) {
      Optional<Plugin> replaced = atPath(before, plugin);
      if (replaced.isEmpty()) {
        changes.add(plugin + " is new");
      } else if (replaced.get() != plugin) {
        changes.add(plugin + " is in place of " + version(replaced.get()));
      }
    }
    for (Plugin plugin : before) {
      if (atPath(after, plugin).isEmpty()) {
        changes.add(plugin + " is gone");
      }
    }
    return changes;
  }

  private static Optional<Plugin> atPath(List<Plugin> plugins, Plugin wanted) {
    return plugins.stream()
        .filter(plugin -> plugin.file().path().equals(wanted.file().path()))
        .findFirst();
  }

  private static String version(Plugin plugin) {
    return plugin.version().isEmpty() ? "the former" : plugin.version();
  }
}
