package org.nethserver.events.distribution.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A NethServer 8 node below a directory: homes of rootless modules, directories of rootfull ones,
 * and their files. Its users are real ones in the mount name space that its agents are started in,
 * which has an {@code /etc/passwd} of its own.
 */
final class Node {
  private static final int FIRST_USER = 61_500;

  /** A group that every user of the node is in besides its own. */
  static final int SHARED_GROUP = 61_499;

  private final Stage stage;
  private final Path root;
  private final List<String> users = new ArrayList<>();
  private final List<String> mounts = new ArrayList<>();

  Node(Stage stage) {
    this.stage = stage;
    this.root = stage.directory("node");
    stage.directory("node/home");
    stage.directory("node/var/lib/nethserver");
    Stage.write(
        stage.directory("node/etc/nethserver").resolve("agent.env"),
        "REDIS_ADDRESS=cluster-leader:6379\nSHARED=of-all\n");
    // Steps of all users write there.
    Shell.run(
        "chmod 0777 '%1$s' && touch '%1$s/seen' && chmod 666 '%1$s/seen'".formatted(stage.notes()));
  }

  /** Returns why there can be none here, or an empty text. */
  static String missing() {
    return "root".equals(System.getProperty("user.name")) ? "" : "users of its own need root";
  }

  /** Returns the directory that is the node's root. */
  Path root() {
    return root;
  }

  /** Makes a user with a home. */
  int user(String name) {
    if (!users.contains(name)) {
      users.add(name);
      Shell.run("install -d -m 0700 -o %1$d -g %1$d '%2$s'".formatted(uid(name), home(name)));
      writeAccounts();
    }
    return uid(name);
  }

  int uid(String name) {
    return FIRST_USER + users.indexOf(name);
  }

  Path home(String name) {
    return root.resolve("home/" + name);
  }

  /** Makes a rootless module as it is once it has been installed. */
  Path rootless(String name, String agentEnvironment) {
    user(name);
    Path directory = home(name).resolve(".config");
    install(directory, agentEnvironment);
    own(name);
    return directory;
  }

  /** Makes a rootfull module, or cluster or node. */
  Path rootfull(String name, String agentEnvironment) {
    Path directory = root.resolve("var/lib/nethserver/" + name);
    install(directory, agentEnvironment);
    return directory;
  }

  private static void install(Path directory, String agentEnvironment) {
    Path state = directory.resolve("state");
    Shell.run("mkdir -p '%s' '%s/events'".formatted(state, directory));
    Stage.write(
        state.resolve("environment"), "IMAGE_URL=of-" + directory.getParent().getFileName());
    Stage.write(state.resolve("agent.env"), agentEnvironment);
    Shell.run("chmod 600 '%s'".formatted(state.resolve("agent.env")));
  }

  /** Gives all of a home to its user. */
  void own(String name) {
    Shell.run("chown -hR %1$d:%1$d '%2$s'".formatted(uid(name), home(name)));
  }

  /** Writes a step of a module. */
  void step(Path module, String event, String... lines) {
    stage.script(module.resolve("events/" + event + "/10take"), lines);
    Shell.run("chown -R --reference='%1$s/state' '%1$s/events'".formatted(module));
  }

  /** Has a file system mounted where the agents are started: none else sees it. */
  void mount(String command) {
    mounts.add(command);
  }

  /** Returns what starts a command where the node's users are those of the system. */
  String[] launcher() {
    writeAccounts();
    String script =
        "mount --bind '%1$s/etc/passwd' /etc/passwd && mount --bind '%1$s/etc/group' /etc/group && "
            .formatted(root);
    for (String mount : mounts) {
      script += mount + " && ";
    }
    return new String[] {
      "unshare", "--mount", "--propagation", "private", "sh", "-c", script + "exec \"$@\"", "sh"
    };
  }

  /** In place, so that it is seen through a mount that is there already. */
  private void writeAccounts() {
    try {
      StringBuilder passwd = new StringBuilder(Files.readString(Path.of("/etc/passwd")));
      StringBuilder group = new StringBuilder(Files.readString(Path.of("/etc/group")));
      for (String name : users) {
        passwd.append("%1$s:x:%2$d:%2$d::%3$s:/bin/bash\n".formatted(name, uid(name), home(name)));
        group.append("%1$s:x:%2$d:\n".formatted(name, uid(name)));
      }
      group.append("shared:x:%d:%s\n".formatted(SHARED_GROUP, String.join(",", users)));
      Files.writeString(root.resolve("etc/passwd"), passwd);
      Files.writeString(root.resolve("etc/group"), group);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, where it is no matter whose steps are trusted. */
  Launch launchTrusting() {
    return launch().flags("--trust=any");
  }

  /** Prepares to start a host of what is found on the node. */
  Launch launch() {
    return stage
        .launch()
        .withoutUsualFlags()
        .id("events")
        .variable("REDIS_ADDRESS", stage.redis().address())
        .under(launcher())
        .flags("--discover=" + root);
  }
}
