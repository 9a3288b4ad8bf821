package org.nethserver.events.agent.catalog;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.json.JsonLayout;
import org.nethserver.events.agent.text.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code events catalog}: shows the events that are known. */
@Command(
    name = "catalog",
    description =
        "Shows the well-known events of NethServer 8 and those of further catalogue files; with"
            + " NAME, who publishes and who answers that event, its payload, and its known faults.",
    footer = {
      "",
      "Example: what comes with user-domain-changed, and who listens to it",
      "  events catalog user-domain-changed",
      "",
      "Exit codes: 0 shown; 2 wrong usage, unknown event, or an unusable catalogue file."
    })
public final class CatalogCommand implements Callable<Integer> {
  private static final int EXIT_USAGE = 2;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final CatalogOptions options;

  @Option(names = "--json", description = "Print JSON, in the form of a catalogue file.")
  private boolean json;

  @Option(
      names = "--schema",
      description = "Print the JSON Schema of catalogue files, for editors.")
  private boolean schema;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The event to show in detail. Default: a table of all.")
  private @Nullable String name;

  /** Takes the catalogue's directories from the command line or the environment. */
  public CatalogCommand() {
    this(new CatalogOptions());
  }

  CatalogCommand(CatalogOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() {
    Terminal terminal = Terminal.of(spec);
    if (schema) {
      terminal.out().print(Catalog.fileSchema());
      terminal.out().flush();
      return 0;
    }
    Catalog catalog = options.load();
    catalog.problems().forEach(terminal::error);
    boolean isShown = name == null ? showAll(catalog, terminal) : show(name, catalog, terminal);
    terminal.out().flush();
    return isShown && catalog.problems().isEmpty() ? 0 : EXIT_USAGE;
  }

  private boolean showAll(Catalog catalog, Terminal terminal) {
    PrintWriter out = terminal.out();
    if (json) {
      out.println(JsonLayout.indented(CatalogJson.file(catalog.events())));
    } else {
      new CatalogPage(out, terminal.ansi()).table(catalog.events());
    }
    return true;
  }

  private boolean show(String wanted, Catalog catalog, Terminal terminal) {
    Optional<CatalogEvent> event = catalog.find(wanted);
    if (event.isEmpty()) {
      List<String> nearest = catalog.nearest(wanted);
      terminal.error(
          "the catalogue does not know the event "
              + Printable.quoted(wanted)
              + (nearest.isEmpty()
                  ? "; \"events catalog\" lists all that it knows"
                  : "; did you mean " + String.join(", or ", nearest) + "?"));
      return false;
    }
    if (json) {
      terminal.out().println(JsonLayout.indented(CatalogJson.event(event.get())));
    } else {
      new CatalogPage(terminal.out(), terminal.ansi()).details(event.get());
    }
    return true;
  }
}
