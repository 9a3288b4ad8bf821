package org.nethserver.events.agent.systemd;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command line of a JVM of its own with the classes under test. */
public final class ChildJvm {
  private ChildJvm() {}

  /** The command that runs a class's main method. */
  public static List<String> command(Class<?> main, String... arguments) {
    String path =
        Stream.of(
                "target/classes",
                "target/test-classes",
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path", ""))
            .filter(entry -> !entry.isEmpty())
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", path, main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
