package org.nethserver.events.agent.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.nethserver.events.agent.config.Amounts;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.posix.Account;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import tools.jackson.databind.JsonNode;

/**
 * Makes an agent of its part of a file, and finds what a schema cannot. What breaks the schema is
 * passed over here: it has been told.
 */
public final class AgentReader {
  private final Defaults defaults;
  private final List<Problem> problems;

  AgentReader(Defaults defaults, List<Problem> problems) {
    this.defaults = defaults;
    this.problems = problems;
  }

  /**
   * What counts where an agent says nothing.
   *
   * @param limits its bounds
   * @param trust which files may be run
   * @param plugins the directory of plugins
   * @param users as whom agents may run
   */
  public record Defaults(Limits limits, Trust trust, Path plugins, Users users) {}

  /** Reads one agent; empty if it cannot be one. */
  Optional<AgentDefinition> agent(Path file, String pointer, JsonNode node) {
    Part part = new Part(file, pointer, node);
    int known = problems.size();
    String id = part.text("id").orElse("");
    Optional<Account> user = part.text("user").flatMap(name -> user(part, name));
    List<StepPlace> places = new ArrayList<>();
    if (node.has("plugins-directories")) {
      part.paths("plugins-directories").forEach(path -> places.add(new StepPlace.Plugins(path)));
    } else {
      places.add(new StepPlace.Plugins(defaults.plugins));
    }
    part.paths("events-directories").forEach(path -> places.add(new StepPlace.Events(path)));
    Limits limits = limits(part);
    Trust trust =
        part.text("trust").flatMap(text -> word(Trust.values(), text)).orElse(defaults.trust);
    Optional<Path> state =
        part.text("state-directory").flatMap(t -> part.path("state-directory", t));
    Map<String, String> environment = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> variable : node.path("environment").properties()) {
      if (variable.getValue().asString("").indexOf('\0') >= 0) {
        part.problem("environment", "has a value with a NUL, which no variable can have");
      }
      environment.put(variable.getKey(), variable.getValue().asString(""));
    }
    List<Path> files = part.paths("environment-files");
    if (id.isEmpty() || state.isEmpty() || problems.size() > known) {
      return Optional.empty();
    }
    return Optional.of(
        new AgentDefinition(
            id,
            places,
            trust,
            limits,
            state.get(),
            environment,
            files,
            user,
            node.path("journal").asBoolean(true),
            node.path("history").asBoolean(true)));
  }

  private Optional<Account> user(Part part, String name) {
    try {
      return defaults.users.account(name);
    } catch (IllegalArgumentException e) {
      part.problem("user", "is " + Printable.quoted(name) + e.getMessage());
      return Optional.empty();
    }
  }

  private Limits limits(Part part) {
    Limits otherwise = defaults.limits;
    int places = part.number("max-concurrency", 1).orElse(otherwise.maxConcurrency());
    int events = part.number("queue-events", 0).orElse(otherwise.queue().events());
    long bytes = part.amount("queue-bytes", Amounts::size).orElse(otherwise.queue().bytes());
    Duration timeout =
        part.amount("step-timeout", Amounts::duration).orElse(otherwise.stepTimeout());
    Limits.Ordering ordering =
        part.text("ordering")
            .flatMap(text -> word(Limits.Ordering.values(), text))
            .orElse(otherwise.ordering());
    return new Limits(places, new Limits.Queue(events, bytes), ordering, timeout);
  }

  private static <E extends Enum<E>> Optional<E> word(E[] values, String text) {
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** One agent's object, and where it stands. */
  private final class Part {
    private final Path file;
    private final String pointer;
    private final JsonNode node;

    Part(Path file, String pointer, JsonNode node) {
      this.file = file;
      this.pointer = pointer;
      this.node = node;
    }

    void problem(String key, String message) {
      problems.add(new Problem(file, pointer + "/" + key, message));
    }

    Optional<String> text(String key) {
      JsonNode value = node.path(key);
      return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    Optional<Integer> number(String key, int least) {
      JsonNode value = node.path(key);
      return value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= least
          ? Optional.of(value.intValue())
          : Optional.empty();
    }

    <T> Optional<T> amount(String key, Function<String, T> form) {
      return text(key)
          .flatMap(
              text -> {
                try {
                  return Optional.of(form.apply(text));
                } catch (IllegalArgumentException e) {
                  problem(key, "is " + Printable.quoted(text) + ": " + e.getMessage());
                  return Optional.empty();
                }
              });
    }

    List<Path> paths(String key) {
      List<Path> paths = new ArrayList<>();
      for (JsonNode item : node.path(key)) {
        path(key, item.asString("")).ifPresent(paths::add);
      }
      return paths;
    }

    Optional<Path> path(String key, String text) {
      try {
        // One that is not absolute has been told.
        return Optional.of(Path.of(text).toAbsolutePath().normalize());
      } catch (InvalidPathException e) {
        problem(key, "is no path: " + e.getReason());
        return Optional.empty();
      }
    }
  }
}
