package org.nethserver.events.agent.plugins;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is loaded, for people and programs.
 *
 * @param plugins the plugins in use, in order of precedence
 * @param problems what is not used, and why
 */
public record PluginReport(List<Loaded> plugins, List<PluginProblem> problems) {
  /** Copies the lists. */
  public PluginReport {
    plugins = List.copyOf(plugins);
    problems = List.copyOf(problems);
  }

  /**
   * A plugin in use.
   *
   * @param name its name
   * @param version its version, or an empty text
   * @param file its jar or directory
   * @param steps its handlers
   * @param providers the classes of further providers
   */
  public record Loaded(
      String name, String version, Path file, List<Handler> steps, List<String> providers) {
    /** Copies the lists. */
    public Loaded {
      steps = List.copyOf(steps);
      providers = List.copyOf(providers);
    }

    /** Returns it in a line: {@code "index" 1.2: 30index for user-*}. */
    @Override
    public String toString() {
      List<String> parts = new ArrayList<>(steps.stream().map(Handler::toString).toList());
      parts.addAll(providers);
      return "\""
          + name
          + "\""
          + (version.isEmpty() ? "" : " " + version)
          + ": "
          + String.join(", ", parts);
    }

    static Loaded of(PluginDirectory.Listed listed) {
      Plugin plugin = listed.plugin();
      List<String> providers =
          Stream.concat(plugin.sources().stream(), plugin.transports().stream())
              .map(provider -> provider.getClass().getName())
              .distinct()
              .toList();
      return new Loaded(
          plugin.name(),
          plugin.version(),
          plugin.file().path(),
          listed.handlers().stream().map(Handler::of).toList(),
          providers);
    }
  }

  /**
   * A handler.
   *
   * @param step its step's name
   * @param type its class
   * @param events the events that it answers
   * @param sources the sources whose events it answers
   */
  public record Handler(String step, String type, List<String> events, List<String> sources) {
    /** Copies the lists. */
    public Handler {
      events = List.copyOf(events);
      sources = List.copyOf(sources);
    }

    /** Returns the step and its events: {@code 30index for user-*}. */
    @Override
    public String toString() {
      return step + " for " + String.join(" ", events);
    }

    static Handler of(HandlerStep handler) {
      return new Handler(
          handler.name().toString(),
          handler.handler().getClass().getName(),
          handler.events().stream().map(Glob::text).toList(),
          handler.sources().stream().map(Glob::text).toList());
    }
  }
}
