package org.nethserver.events.agent.plugins;

import java.nio.file.Path;

/** Ends the loading of a plugin or of one of its parts, for a reason that is the plugin's. */
final class PluginFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** For what only the plugin's author can change. */
  static final String MEND = "mend the plugin and reload the agent";

  private final String why;
  private final String cure;

  PluginFailure(String why, String cure) {
    super(why + "; " + cure);
    this.why = why;
    this.cure = cure;
  }

  PluginFailure(String why, String cure, Throwable cause) {
    super(why + "; " + cure, cause);
    this.why = why;
    this.cure = cure;
  }

  String why() {
    return why;
  }

  String cure() {
    return cure;
  }

  PluginProblem of(String plugin, Path file) {
    return new PluginProblem(plugin, file, why, cure);
  }
}
