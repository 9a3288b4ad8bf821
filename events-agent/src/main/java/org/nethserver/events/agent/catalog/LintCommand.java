package org.nethserver.events.agent.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.json.JsonLayout;
import org.nethserver.events.api.Payload;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code events lint}: checks an event without publishing it. */
@Command(
    name = "lint",
    description =
        "Checks an event against the rules and the catalogue, without publishing it, and says what"
            + " to change. Never prints values of the payload.",
    footer = {
      "",
      "Example: is this how a new module is told?",
      "  events lint cluster/event/module-added '{\"module\":\"mail1\",\"node\":1}'",
      "",
      "Exit codes: 0 nothing found but warnings or hints; 1 errors found; 2 wrong usage,",
      "unreadable payload, or an unusable catalogue file."
    })
public final class LintCommand implements Callable<Integer> {
  private static final int EXIT_ERRORS = 1;
  private static final int EXIT_USAGE = 2;

  private final InputStream stdin;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final CatalogOptions options;

  @Option(names = "--json", description = "Print JSON: channel, findings and their counts.")
  private boolean json;

  @Parameters(
      index = "0",
      paramLabel = "CHANNEL",
      description = "The channel, SOURCE/event/NAME, as in cluster/event/module-added.")
  private @Nullable String channel;

  @Parameters(
      index = "1",
      paramLabel = "PAYLOAD",
      description = "The payload: JSON text, @FILE, or - for stdin.")
  private @Nullable String payload;

  /** Reads {@code -} from the process's stdin. */
  public LintCommand() {
    this(System.in, new CatalogOptions());
  }

  LintCommand(InputStream stdin, CatalogOptions options) {
    this.stdin = stdin;
    this.options = options;
  }

  @Override
  public Integer call() {
    Terminal terminal = Terminal.of(spec);
    Payload bytes;
    try {
      bytes = PayloadArgument.read(Objects.requireNonNull(payload), stdin);
    } catch (IOException e) {
      terminal.error(String.valueOf(e.getMessage()));
      return EXIT_USAGE;
    }
    Catalog catalog = options.load();
    if (!catalog.problems().isEmpty()) {
      catalog.problems().forEach(terminal::error);
      return EXIT_USAGE;
    }
    List<Finding> findings = new Lint(catalog).check(Objects.requireNonNull(channel), bytes);
    if (json) {
      terminal.out().println(JsonLayout.indented(json(findings)));
    } else {
      print(findings, terminal);
    }
    terminal.out().flush();
    return count(findings, Severity.ERROR) == 0 ? 0 : EXIT_ERRORS;
  }

  private static void print(List<Finding> findings, Terminal terminal) {
    for (Finding finding : findings) {
      String style =
          switch (finding.severity()) {
            case ERROR -> "red,bold";
            case WARNING -> "yellow";
            case INFO -> "cyan";
          };
      String severity = String.format("%-7s", finding.severity().word());
      terminal.out().print(terminal.ansi().string("@|" + style + " " + severity + "|@"));
      terminal.out().printf("  %-21s  %s%n", finding.rule(), finding.message());
    }
    terminal
        .out()
        .println(
            findings.isEmpty()
                ? "nothing found"
                : plural(count(findings, Severity.ERROR), "error")
                    + ", "
                    + plural(count(findings, Severity.WARNING), "warning"));
  }

  private ObjectNode json(List<Finding> findings) {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("channel", channel);
    report.put("errors", count(findings, Severity.ERROR));
    report.put("warnings", count(findings, Severity.WARNING));
    ArrayNode array = report.putArray("findings");
    for (Finding finding : findings) {
      array
          .addObject()
          .put("severity", finding.severity().word())
          .put("rule", finding.rule())
          .put("message", finding.message());
    }
    return report;
  }

  private static long count(List<Finding> findings, Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  private static String plural(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
