package org.nethserver.events.agent.command;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.host.AgentSteps;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code events plugins}: shows which plugins an agent would load, and why not. */
@Command(
    name = "plugins",
    description =
        "Shows the plugins that an agent started now would load: version, jar, steps and the events"
            + " that these answer, and what is wrong with those that it would not. Loads them, and"
            + " so makes their handlers, but calls none.",
    footer = {
      "",
      "Example: does the agent take my jar?",
      "  events plugins --pluginsdir=./plugins",
      "",
      "Run it as the agent's user: the rules of trust depend on who loads them.",
      "Exit codes: 0 all can be used; 1 there are problems; 2 wrong usage."
    })
final class PluginsCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print one JSON object with plugins and problems.")
  boolean json;

  @Mixin StepFlags flags = new StepFlags();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PluginReport report;
    try (AgentSteps steps =
        flags.steps(ProcessEnvironment.variables(), new Complaints(Terminal.err(spec)))) {
      report = steps.report();
    }
    PrintWriter out = Terminal.out(spec);
    if (json) {
      Terminal.print(out, Json.write(toJson(report)));
    } else {
      report.plugins().forEach(plugin -> print(out, plugin));
      report
          .problems()
          .forEach(
              problem ->
                  Terminal.print(
                      out, Terminal.styled("yellow", Printable.text(problem.toString()))));
      if (report.plugins().isEmpty() && report.problems().isEmpty()) {
        Terminal.print(
            Terminal.err(spec),
            "No plugins in " + flags.pluginsDirectories(ProcessEnvironment.variables()));
      }
    }
    return report.problems().isEmpty() ? 0 : CommandFailure.FAILED;
  }

  private static void print(PrintWriter out, PluginReport.Loaded plugin) {
    String name = plugin.name() + (plugin.version().isEmpty() ? "" : " " + plugin.version());
    Terminal.print(out, Terminal.styled("bold", Printable.text(name)) + "  " + plugin.file());
    for (PluginReport.Handler handler : plugin.steps()) {
      String sources = String.join(", ", handler.sources());
      Terminal.print(
          out,
          Printable.text(
              "  %-28s %s%s"
                  .formatted(
                      handler.step(),
                      String.join(", ", handler.events()),
                      sources.equals("*") ? "" : "  (of " + sources + ")")));
    }
    for (String provider : plugin.providers()) {
      Terminal.print(out, Printable.text("  provides " + provider));
    }
  }

  private static Map<String, Object> toJson(PluginReport report) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("plugins", report.plugins().stream().map(PluginsCommand::toJson).toList());
    shown.put("problems", report.problems().stream().map(PluginsCommand::toJson).toList());
    return shown;
  }

  private static Map<String, Object> toJson(PluginReport.Loaded plugin) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("plugin", plugin.name());
    if (!plugin.version().isEmpty()) {
      shown.put("version", plugin.version());
    }
    shown.put("path", plugin.file().toString());
    List<Map<String, Object>> steps = plugin.steps().stream().map(PluginsCommand::toJson).toList();
    shown.put("steps", steps);
    shown.put("providers", plugin.providers());
    return shown;
  }

  private static Map<String, Object> toJson(PluginReport.Handler handler) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("step", handler.step());
    shown.put("class", handler.type());
    shown.put("events", handler.events());
    shown.put("sources", handler.sources());
    return shown;
  }

  private static Map<String, Object> toJson(PluginProblem problem) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("plugin", problem.plugin());
    shown.put("path", problem.file().toString());
    shown.put("why", problem.why());
    shown.put("cure", problem.cure());
    return shown;
  }
}
