package org.nethserver.events.distribution.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Directories, scripts and agents of one test, or of all tests of a class where it is a static
 * field. At the end it ends the agents and fails if anything of them is left. What a single test
 * starts ends with that test.
 */
final class Stage
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final Set<PosixFilePermission> PROGRAM =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final ExtensionContext.Namespace SHARED =
      ExtensionContext.Namespace.create(Stage.class);

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final List<ContractAgent> agents = new ArrayList<>();
  private boolean shared;
  private Path root;
  private Path notes;
  private Redis redis;
  private int tests;

  /** How many agents and parts are the class's; those that a test adds end with it. */
  private int sharedAgents;

  private int sharedParts;

  @Override
  public void beforeAll(ExtensionContext context) {
    shared = true;
    open(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (!shared) {
      open(context);
    }
    notes = directory("notes/" + ++tests);
    sharedAgents = agents.size();
    sharedParts = parts.size();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (shared) {
      end(agents.subList(sharedAgents, agents.size()), parts.subList(sharedParts, parts.size()));
    } else {
      close();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  private void open(ExtensionContext context) {
    redis =
        context
            .getRoot()
            .getStore(SHARED)
            .getOrComputeIfAbsent(Redis.class, key -> Redis.start(), Redis.class);
    try {
      root = Files.createTempDirectory("contract-").toRealPath();
      // Also for agents of other users, which tests start.
      Files.setPosixFilePermissions(root, PROGRAM);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    directory("events");
    write(directory("state").resolve("environment"), "");
  }

  private void close() {
    try {
      end(agents, parts);
    } finally {
      Shell.run("rm -rf '" + root + "'");
    }
  }

  private static void end(List<ContractAgent> agents, List<AutoCloseable> parts) {
    List<Throwable> failures = new ArrayList<>();
    agents.reversed().forEach(agent -> attempt(agent::end, failures));
    parts.reversed().forEach(part -> attempt(part, failures));
    agents.clear();
    parts.clear();
    if (!failures.isEmpty()) {
      AssertionError all = new AssertionError(failures.getFirst().getMessage());
      failures.forEach(all::addSuppressed);
      throw all;
    }
  }

  private static void attempt(AutoCloseable closing, List<Throwable> failures) {
    try {
      closing.close();
    } catch (Exception | AssertionError e) {
      failures.add(e);
    }
  }

  ContractAgent keep(ContractAgent agent) {
    agents.add(agent);
    return agent;
  }

  /** Closes something at the end. */
  <T extends AutoCloseable> T keep(T part) {
    parts.add(part);
    return part;
  }

  /** Returns the server that all tests share. */
  Redis redis() {
    return redis;
  }

  /** Prepares to start an agent on the shared server. */
  Launch launch() {
    return new Launch(this, redis, root.resolve("state"));
  }

  /** Starts an agent with these flags and waits until it is subscribed. */
  ContractAgent agent(String... flags) {
    return launch().flags(flags).subscribed();
  }

  /** Returns the directory that all others are in. */
  Path root() {
    return root;
  }

  /** Returns the events directory. */
  Path events() {
    return root.resolve("events");
  }

  /** Returns the agent's working directory. */
  Path state() {
    return root.resolve("state");
  }

  /** Returns the directory that this test's scripts write to. */
  Path notes() {
    return notes;
  }

  /** Makes a directory below {@link #root}. */
  Path directory(String name) {
    return directory(root.resolve(name));
  }

  private static Path directory(Path directory) {
    try {
      return Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PROGRAM));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a step for sh(1) into the events directory: see {@link #script}. */
  Path step(String event, String name, String... lines) {
    return script(events().resolve(event).resolve(name), lines);
  }

  /**
   * Writes a script for sh(1). It can say {@code seen TEXT}, which adds a line to {@link #seen},
   * and {@code note NAME}, which saves its standard input for {@link #noted}.
   */
  Path script(Path path, String... lines) {
    return rawScript(path, "#!/bin/sh", lines);
  }

  /** Writes a script for another shell. */
  Path rawScript(Path path, String firstLine, String... lines) {
    String text =
        firstLine
            + "\nN='"
            + notes
            + "'\nseen() { printf '%s\\n' \"$*\" >> \"$N/seen\"; }\n"
            + "note() { cat > \"$N/.$1\" && mv \"$N/.$1\" \"$N/$1\"; }\n"
            + String.join("\n", lines)
            + "\n";
    directory(path.getParent());
    // A new file each time: a running script is not changed under its shell.
    Path temporary = root.resolve("script.tmp");
    write(temporary, text);
    try {
      Files.setPosixFilePermissions(temporary, PROGRAM);
      return Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the lines that the scripts of this test have seen. */
  List<String> seen() {
    return noted("seen").lines().toList();
  }

  /** Waits until the scripts of this test have seen so many lines. */
  List<String> awaitSeen(int lines) {
    Await.until(
        lines + " lines seen by steps", Await.LIMIT, () -> seen().size() >= lines, this::report);
    return seen();
  }

  /** Returns what a script saved, or an empty text. */
  String noted(String name) {
    return new String(notedBytes(name), StandardCharsets.UTF_8);
  }

  /** Returns what a script saved, or nothing. */
  byte[] notedBytes(String name) {
    try {
      Path note = notes.resolve(name);
      return Files.exists(note) ? Files.readAllBytes(note) : new byte[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a gate for scripts. */
  Gate gate(String name) {
    return keep(new Gate(notes.resolve(name)));
  }

  /** Writes a file. */
  static void write(Path path, String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String report() {
    return "seen: " + seen() + "\n" + agents.getLast().said();
  }
}
