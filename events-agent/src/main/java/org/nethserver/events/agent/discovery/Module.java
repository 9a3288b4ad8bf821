package org.nethserver.events.agent.discovery;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.nethserver.events.agent.text.Printable;

/**
 * A place where a module of the node is, or may be soon.
 *
 * @param name its name, which is its directory's
 * @param directory where it is installed
 * @param rootless whether it lies in a home, and runs as the user of its name
 */
record Module(String name, Path directory, boolean rootless) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern NODE = Pattern.compile("node/[0-9]+");

  /** Tells whether a directory's name can be a module's. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  Path state() {
    return directory.resolve("state");
  }

  /** The file that makes it an agent's. */
  Path environment() {
    return state().resolve("agent.env");
  }

  /**
   * Returns the agent's id. A module has that of its directory, whatever it says: whose directory
   * it is nobody can choose. Only root's own directories hold the agents of cluster and node.
   *
   * @param said what its file says
   * @return the id; empty while it has none yet
   * @throws IllegalArgumentException if it says another's
   */
  Optional<String> id(Optional<String> said) {
    if (!rootless && name.equals("node")) {
      said.ifPresent(id -> check(NODE.matcher(id).matches(), id, "node and its number"));
      return said;
    }
    String id = !rootless && name.equals("cluster") ? "cluster" : "module/" + name;
    said.ifPresent(other -> check(other.equals(id), other, id));
    return Optional.of(id);
  }

  private static void check(boolean right, String said, String wanted) {
    if (!right) {
      throw new IllegalArgumentException(
          "state/agent.env says AGENT_ID=%s, and by its directory it is %s; correct the line"
              .formatted(Printable.quoted(said), wanted));
    }
  }
}
