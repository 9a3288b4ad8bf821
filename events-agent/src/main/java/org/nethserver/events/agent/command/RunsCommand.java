package org.nethserver.events.agent.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.history.RecordedRun;
import org.nethserver.events.agent.history.RunHistory;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.agent.text.ChannelGlobs;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Channel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code events runs}: what became of events. */
@Command(
    name = "runs",
    description = {
      "Shows what an agent has run, the newest last, or all about the runs of one event: their"
          + " steps, how each ended, and the end of its output. Agents that were given a state"
          + " directory keep their last 10,000 runs. The agent need not be running."
    },
    footer = {
      "",
      "Example: what failed since yesterday, as a page for the browser",
      "  events runs --agentid=module/mine1 --state-directory=/var/lib/events --since 1d --failed"
          + " --html failed.html",
      "",
      "Exit codes: 0 shown; 1 there is no history, or no such event; 2 wrong usage; 130 Ctrl-C."
    })
final class RunsCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int LAST = 50;
  private static final int MAX_CANDIDATES = 10;

  @Parameters(
      paramLabel = "ID",
      arity = "0..1",
      description =
          "The id of an event, or how it begins: as AGENT_EVENT_ID, the log and this command show"
              + " it.")
  @Nullable String id;

  @Option(
      names = "--event",
      paramLabel = "GLOB",
      description =
          "Only such events, such as 'user-*', or channels with /event/ in them; repeatable.")
  List<String> globs = new ArrayList<>();

  @Option(names = "--failed", description = "Only runs that failed or were interrupted.")
  boolean failed;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only what began since so long ago (2h, 1d12h) or a time: \"2026-11-27 08:00\".")
  @Nullable String since;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The last N of these. Default: 50; all with --json, --html or --since.")
  @Nullable Integer limit;

  @Option(names = "--follow", description = "Go on with runs as they end.")
  boolean follow;

  @Option(names = "--json", description = "One JSON object a line, without output unless with ID.")
  boolean json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description =
          "Write a page for the browser, with a timeline and the output of what failed; - for"
              + " stdout.")
  @Nullable String html;

  @Mixin AgentStateFlags agent = new AgentStateFlags();
  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    check();
    Predicate<RecordedRun> wanted = wanted();
    Path state = agent.directory(ProcessEnvironment.variables());
    try {
      RunHistory history = RunHistory.of(state);
      if (id != null) {
        showOne(history, id);
      } else if (html != null) {
        writePage(history, wanted, html);
      } else {
        showAll(history, wanted);
      }
    } catch (NoSuchFileException e) {
      throw new CommandFailure(
          CommandFailure.FAILED,
          "there is no history of runs in "
              + state
              + ": an agent begins one with its first run, unless it is started with"
              + " --history=false");
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.FAILED, "cannot read the history of runs: " + e.getMessage());
    }
    return 0;
  }

  private void check() {
    if (limit != null && limit < 1) {
      throw new CommandFailure(CommandFailure.USAGE, "--limit is at least 1");
    }
    if (html != null && (follow || json)) {
      throw new CommandFailure(CommandFailure.USAGE, "--html goes without --follow and --json");
    }
    boolean chosen = failed || since != null || limit != null || !globs.isEmpty();
    if (id != null && (follow || html != null || chosen)) {
      throw new CommandFailure(
          CommandFailure.USAGE,
          "with an ID all of its runs are shown: leave the other options out");
    }
  }

  private Predicate<RecordedRun> wanted() {
    ChannelGlobs channels = ChannelGlobs.of(globs.isEmpty() ? List.of("*") : globs);
    Instant from = since == null ? Instant.MIN : PastTime.parse(since);
    return run ->
        !run.began().isBefore(from)
            && (!failed || run.failed() || run.interrupted())
            && channels.matches(
                (run.source() + Channel.SEPARATOR + run.name()).getBytes(StandardCharsets.UTF_8));
  }

  private void showAll(RunHistory history, Predicate<RecordedRun> wanted)
      throws IOException, InterruptedException {
    PrintWriter out = Terminal.out(spec);
    List<RecordedRun> runs = history.runs(_ -> false).stream().filter(wanted).toList();
    int most = limit != null ? limit : json || since != null ? runs.size() : LAST;
    List<RecordedRun> last = runs.subList(Math.max(0, runs.size() - most), runs.size());
    RunTable table = new RunTable(last);
    if (!json && (!last.isEmpty() || follow)) {
      Terminal.print(out, table.header());
    }
    last.forEach(run -> Terminal.print(out, json ? RunTable.json(run, false) : table.row(run)));
    say(runs, last, history.dropped());
    if (follow) {
      follow(history, wanted, runs, table);
    }
  }

  private void writePage(RunHistory history, Predicate<RecordedRun> wanted, String file)
      throws IOException {
    List<RecordedRun> runs = history.runs(RecordedRun::failed).stream().filter(wanted).toList();
    int most = limit != null ? limit : runs.size();
    List<RecordedRun> last = runs.subList(Math.max(0, runs.size() - most), runs.size());
    String page =
        RunsPage.of(
            last,
            new RunsPage.Head(
                agent.id(ProcessEnvironment.variables()), chosen(), history.dropped()));
    if (file.equals("-")) {
      Terminal.print(Terminal.out(spec), page);
      return;
    }
    try {
      OwnFile.write(Path.of(file), page.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.FAILED, "cannot write " + Printable.quoted(file) + ": " + e.getMessage());
    }
    Terminal.print(Terminal.err(spec), last.size() + " runs are in " + Printable.text(file));
  }

  /** Says by which options the runs were chosen. */
  private String chosen() {
    List<String> options = new ArrayList<>();
    globs.forEach(glob -> options.add("--event " + glob));
    if (failed) {
      options.add("--failed");
    }
    if (since != null) {
      options.add("--since " + since);
    }
    if (limit != null) {
      options.add("--limit " + limit);
    }
    return String.join(" ", options);
  }

  private void say(List<RecordedRun> runs, List<RecordedRun> shown, long dropped) {
    if (json) {
      return;
    }
    PrintWriter err = Terminal.err(spec);
    if (runs.isEmpty() && !follow) {
      Terminal.print(err, "No runs of these");
    }
    if (shown.size() < runs.size() && limit == null) {
      Terminal.print(
          err, runs.size() - shown.size() + " earlier ones are not shown: --limit, --since");
    }
    if (dropped > 0) {
      Terminal.print(
          err, dropped + " runs are missing: they were not written, for lack of time or room");
    }
  }

  private void follow(
      RunHistory history, Predicate<RecordedRun> wanted, List<RecordedRun> before, RunTable table)
      throws IOException, InterruptedException {
    PrintWriter out = Terminal.out(spec);
    Set<String> known = new HashSet<>();
    before.stream().filter(RunsCommand::hasEnded).forEach(run -> known.add(run.key()));
    // checkError: whoever read us may have ended, as head(1) does.
    while (!out.checkError()) {
      Thread.sleep(PAUSE);
      List<RecordedRun> news = history.news(_ -> false);
      for (RecordedRun run : news) {
        if (hasEnded(run) && wanted.test(run) && known.add(run.key())) {
          Terminal.print(out, json ? RunTable.json(run, false) : table.row(run));
        }
      }
      if (!news.isEmpty() && known.size() > 100_000) {
        // What is in files that change is all that can come again.
        known.clear();
        news.forEach(run -> known.add(run.key()));
      }
    }
  }

  private static boolean hasEnded(RecordedRun run) {
    return !run.outcome().equals(RecordedRun.RUNNING);
  }

  private void showOne(RunHistory history, String wanted) throws IOException {
    List<RecordedRun> runs =
        history.runs(run -> run.event().startsWith(wanted)).stream()
            .filter(run -> run.event().startsWith(wanted))
            .toList();
    Set<String> ids = new LinkedHashSet<>();
    runs.forEach(run -> ids.add(run.event()));
    if (ids.isEmpty()) {
      throw new CommandFailure(
          CommandFailure.FAILED,
          "no run of an event whose id begins with "
              + Printable.quoted(wanted)
              + ": \"events runs\" shows which there are");
    }
    if (ids.size() > 1 && !ids.contains(wanted)) {
      throw new CommandFailure(CommandFailure.FAILED, ambiguous(wanted, List.copyOf(ids)));
    }
    String event = ids.contains(wanted) ? wanted : ids.iterator().next();
    PrintWriter out = Terminal.out(spec);
    runs.stream()
        .filter(run -> run.event().equals(event))
        .forEach(
            run -> Terminal.print(out, json ? RunTable.json(run, true) : RunDetails.text(run)));
  }

  private static String ambiguous(String wanted, List<String> ids) {
    List<String> last = ids.subList(Math.max(0, ids.size() - MAX_CANDIDATES), ids.size());
    return ids.size()
        + " events have an id that begins with "
        + Printable.quoted(wanted)
        + "; write more of it"
        + (last.size() < ids.size() ? ". The last ones: " : ": ")
        + String.join(", ", last);
  }
}
