package org.nethserver.events.agent.worker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.StepUser;

/** How a worker is started: the JVM of this process, as another user. */
final class WorkerCommand {
  /** Both of util-linux, which each system with systemd has; root looks for nothing by PATH. */
  private static final String SETSID = "/usr/bin/setsid";

  private static final String SETPRIV = "/usr/bin/setpriv";

  /**
   * The channels to the agent, as the worker finds them. Standard input and output are anybody's: a
   * program that a handler starts may inherit them.
   */
  static final String FROM_AGENT = "/proc/self/fd/3";

  static final String TO_AGENT = "/proc/self/fd/4";

  /** Lets a user open anew the pipes that are given: they are root's. Then runs the rest. */
  private static final String GIVE =
      "/bin/chown -- \"$0\" /proc/self/fd/0 /proc/self/fd/1 && exec \"$@\"";

  /** Runs the rest with these pipes elsewhere, and output where errors go. */
  private static final String MOVE = "exec 3<&0 4>&1 </dev/null >&2; exec \"$@\"";

  private static final String SHELL = "/bin/sh";
  private static final String MAIN = "org.nethserver.events.agent/org.nethserver.events.agent.Main";

  /** What a process of the user would have; what it runs with is sent with each call. */
  private static final List<String> VARIABLES =
      List.of("HOME", "LANG", "LOGNAME", "PATH", "SHELL", "USER", "XDG_RUNTIME_DIR");

  /** Handlers of one agent alone; the agent's process itself has twice as much. */
  private static final String HEAP = "-Xmx128m";

  private WorkerCommand() {}

  static ProcessBuilder of(StepUser.Other user, Variables variables) {
    String uid = Integer.toUnsignedString(user.uid());
    List<String> command = new ArrayList<>(List.of(SHELL, "-c", GIVE, uid));
    // A session of its own, so that it can be ended with all that its handlers have started.
    command.add(SETSID);
    command.add(SETPRIV);
    command.add("--reuid=" + uid);
    command.add("--regid=" + Integer.toUnsignedString(user.gid()));
    command.add(
        "--groups="
            + user.groups().stream()
                .map(Integer::toUnsignedString)
                .collect(Collectors.joining(",")));
    command.add("--inh-caps=-all");
    command.add("--ambient-caps=-all");
    // Also when this process is killed, and even if a handler keeps the worker from ending.
    command.add("--pdeathsig=KILL");
    command.addAll(List.of("--", SHELL, "-c", MOVE, SHELL));
    command.addAll(java());
    command.addAll(List.of("-m", MAIN, "worker"));
    // Not in the agent's directory, which the user could lead elsewhere.
    ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    for (String name : VARIABLES) {
      variables.value(name).ifPresent(value -> environment.put(name, value));
    }
    environment.put("LC_ALL", "C.UTF-8");
    return builder;
  }

  private static List<String> java() {
    Path home = Path.of(System.getProperty("java.home"));
    String java = home.resolve("bin/java").toString();
    Path options = home.resolve("lib/events.options");
    if (Files.exists(options)) {
      return List.of(java, "@" + options, "-XX:AOTCache=" + home.resolve("lib/events.aot"), HEAP);
    }
    // From a build, without image.
    return List.of(
        java,
        "-p",
        System.getProperty("jdk.module.path", ""),
        "--add-modules=java.net.http,java.sql,java.naming,java.management",
        HEAP);
  }
}
