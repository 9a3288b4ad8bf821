package org.nethserver.events.agent.command;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.config.AgentFlag;
import org.nethserver.events.agent.config.AgentOptions;
import org.nethserver.events.agent.doctor.Doctor;
import org.nethserver.events.agent.doctor.Examined;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Finding.Severity;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code events doctor}: why does it not work. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Says why an agent does not do what it should, and what to do about it: looks at all that"
            + " an agent with these flags needs. Takes the agent's own command line, with \"events"
            + " doctor\" in the place of events-agent, and its environment. Changes nothing, and"
            + " may run beside a live agent.",
    footer = {
      "",
      "Example: what is wrong with the agent of module traefik1?",
      "  events doctor --agentid=module/traefik1 --eventsdir=/var/lib/nethserver/traefik1/events",
      "",
      "Run it as the agent's user and in its working directory: the rules of trust depend on who"
          + " asks. Loads plugins, and so makes their handlers, but calls none.",
      "Exit codes: 0 no problem; 1 there are problems, with --strict warnings too; 2 wrong usage."
    })
final class DoctorCommand implements Callable<Integer> {
  @Option(
      names = "--json",
      description =
          "Print JSON: an array of findings with area, agent, name, severity, finding and cure.")
  boolean json;

  @Option(names = "--quiet", description = "Print warnings and problems alone.")
  boolean quiet;

  @Option(names = "--strict", description = "Let warnings count as problems in the exit code.")
  boolean strict;

  @Spec @Nullable CommandSpec spec;

  private final AgentOptions options = new AgentOptions();

  static CommandLine commandLine() {
    DoctorCommand doctor = new DoctorCommand();
    CommandSpec spec = CommandSpec.forAnnotatedObject(doctor);
    AgentFlags.add(spec, () -> doctor.options);
    CommandLine command = new CommandLine(spec);
    command.setUsageHelpAutoWidth(true);
    return command;
  }

  @Override
  public Integer call() {
    Variables variables = ProcessEnvironment.variables();
    if (options.id().isEmpty() && !options.hostsMany()) {
      // As runagent has it, where somebody types the command by hand.
      variables.value("AGENT_ID").ifPresent(id -> AgentFlag.AGENTID.apply(options, id));
    }
    List<Examined> all = Doctor.examine(options, variables);
    List<Examined> shown =
        quiet ? all.stream().filter(one -> isAtLeast(one, Severity.WARNING)).toList() : all;
    PrintWriter out = Terminal.out(spec);
    if (json) {
      Terminal.print(out, Json.write(shown.stream().map(DoctorCommand::toJson).toList()));
    } else {
      print(out, shown, all);
    }
    Severity worst = strict ? Severity.WARNING : Severity.PROBLEM;
    return all.stream().anyMatch(one -> isAtLeast(one, worst)) ? CommandFailure.FAILED : 0;
  }

  private static boolean isAtLeast(Examined one, Severity severity) {
    return one.finding().severity().compareTo(severity) >= 0;
  }

  private static void print(PrintWriter out, List<Examined> shown, List<Examined> all) {
    String group = "";
    for (Examined one : shown) {
      String heading = (one.area() + " " + one.subject()).strip();
      if (!heading.equals(group)) {
        Terminal.print(out, Terminal.styled("bold", Printable.text(heading)));
        group = heading;
      }
      print(out, one.finding());
    }
    Terminal.print(
        out,
        Arrays.stream(Severity.values())
            .map(severity -> counted(severity, all))
            .collect(Collectors.joining(", ")));
  }

  private static void print(PrintWriter out, Finding finding) {
    String line =
        "  %-8s %-12s %s"
            .formatted(word(finding.severity()), finding.name(), Printable.text(finding.what()));
    Terminal.print(out, Terminal.styled(style(finding.severity()), line));
    if (!finding.cure().isEmpty()) {
      Terminal.print(out, "           " + Printable.text(finding.cure()));
    }
  }

  private static String counted(Severity severity, List<Examined> all) {
    long count = all.stream().filter(one -> one.finding().severity() == severity).count();
    boolean plural = count != 1 && severity != Severity.OK;
    return count + " " + word(severity) + (plural ? "s" : "");
  }

  private static String word(Severity severity) {
    return switch (severity) {
      case OK -> "ok";
      case NOTE -> "note";
      case WARNING -> "warning";
      case PROBLEM -> "problem";
    };
  }

  private static String style(Severity severity) {
    return switch (severity) {
      case OK -> "green";
      case NOTE -> "faint";
      case WARNING -> "yellow";
      case PROBLEM -> "red";
    };
  }

  private static Map<String, Object> toJson(Examined one) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("area", one.area());
    if (one.area().equals("transport")) {
      shown.put("address", one.subject());
    } else if (!one.subject().isEmpty()) {
      shown.put("agent", one.subject());
    }
    shown.put("name", one.finding().name());
    shown.put("severity", word(one.finding().severity()));
    shown.put("finding", one.finding().what());
    if (!one.finding().cure().isEmpty()) {
      shown.put("cure", one.finding().cure());
    }
    return shown;
  }
}
