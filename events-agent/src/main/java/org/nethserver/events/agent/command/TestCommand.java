package org.nethserver.events.agent.command;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.catalog.PayloadArgument;
import org.nethserver.events.agent.host.AgentPlan;
import org.nethserver.events.agent.host.AgentSteps;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.agent.policy.Policies;
import org.nethserver.events.agent.run.AgentEnvironment;
import org.nethserver.events.agent.run.Dispatcher;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.run.RunContext;
import org.nethserver.events.agent.run.StepResolver;
import org.nethserver.events.agent.run.UniqueIds;
import org.nethserver.events.agent.systemd.ProcessSignal;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code events test}: runs an event's steps here and now, without Redis. */
@Command(
    name = "test",
    description =
        "Runs the steps of an event here, without Redis, exactly as the agent would: same order,"
            + " environment, rules of trust and limits. Shows their output, secrets as ***, and how"
            + " it ended.",
    footer = {
      "",
      "Example: try the steps in ./events/user-created/",
      "  events test user-created --eventsdir=./events --payload='{\"user\":\"alice\"}'",
      "",
      "Run it in the agent's working directory and as its user: both matter to the steps.",
      "Exit codes: that of the failing step; 0 completed; 1 no steps, or none to run by its"
          + " policy; 2 wrong usage; 124 time limit; 128+N killed by signal N."
    })
final class TestCommand implements Callable<Integer> {
  private static final Duration STOP_GRACE = Duration.ofMillis(800);
  private static final int INTERRUPTED = 130;

  @Parameters(paramLabel = "EVENT", description = "The event's name.")
  String event = "";

  @Option(
      names = "--payload",
      paramLabel = "JSON|@FILE|-",
      description = "The payload: text, a file, or - for stdin. Default: {}.")
  String payload = "{}";

  @Option(names = "--source", paramLabel = "SOURCE", description = "Who tells. Default: cluster.")
  String source = "cluster";

  @Option(names = "--dry-run", description = "Show the steps that would run, and run nothing.")
  boolean dryRun;

  @Option(names = "--json", description = "Print one JSON object with steps, output and outcome.")
  boolean json;

  @Mixin StepFlags flags = new StepFlags();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Channel channel = new Channel(Arguments.eventSource(source), Arguments.eventName(event));
    Variables variables = ProcessEnvironment.variables();
    TestReport report = new TestReport(Terminal.of(spec).commandLine(), json);
    Complaints complaints = new Complaints(Terminal.err(spec));
    try (AgentSteps steps = flags.steps(variables, complaints)) {
      steps.report().problems().forEach(complaints::problem);
      List<StepResolver.Resolved> resolved = explain(steps, channel);
      boolean something = resolved.stream().anyMatch(StepResolver.Resolved::isTried);
      if (dryRun || !something) {
        report.dryRun(channel, resolved);
        return something ? 0 : CommandFailure.FAILED;
      }
      report.begin(channel);
      return run(steps, new Event(new UniqueIds().get(), channel, read(), Instant.now()), report);
    }
  }

  private static List<StepResolver.Resolved> explain(AgentSteps steps, Channel channel) {
    try (StepResolver resolver = steps.resolver()) {
      return resolver.explain(channel);
    }
  }

  private Payload read() {
    try {
      return PayloadArgument.read(payload, System.in);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private int run(AgentSteps steps, Event toRun, TestReport report) {
    AgentPlan plan = flags.plan(ProcessEnvironment.variables());
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    try (Dispatcher dispatcher = new Dispatcher(ended::completeExceptionally)) {
      RunContext context =
          new RunContext(
              dispatcher,
              report,
              plan.limits(),
              new AgentEnvironment(plan.directory(), plan.variables(), plan.reading()),
              new UniqueIds(),
              new Policies(report::policyUnused));
      HostedAgent agent =
          new HostedAgent(plan.id(), context, steps.resolver(), () -> ended.complete(true));
      // Steps have process groups of their own: the terminal's Ctrl-C does not reach them.
      Runnable stop = () -> dispatcher.execute(() -> agent.stop(STOP_GRACE));
      try (var _ = ProcessSignal.INT.onReceipt(stop);
          var _ = ProcessSignal.TERM.onReceipt(stop)) {
        dispatcher.start();
        dispatcher.execute(
            () -> {
              agent.offer(toRun);
              if (agent.idle()) {
                ended.complete(true); // its steps vanished in the meantime
              }
            });
        ended.join();
      }
      agent.close();
    }
    return report.finish().orElse(INTERRUPTED);
  }
}
