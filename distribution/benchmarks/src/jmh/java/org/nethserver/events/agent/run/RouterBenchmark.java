package org.nethserver.events.agent.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.LookUp;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From a message to the end of its runs, with sources and steps that cost nothing. */
@State(Scope.Benchmark)
public class RouterBenchmark {
  /** Fewer than places: no event waits. */
  private static final int CHANNELS = 16;

  private static final byte[] PAYLOAD = bytes("{\"n\":1}");
  private static final byte[] UNHANDLED = bytes("module/traefik1/event/nobody-cared");

  /** How many the process hosts. */
  @Param({"1", "20", "100"})
  public int agents;

  private final byte[][] handled =
      IntStream.range(0, CHANNELS)
          .mapToObj(number -> bytes("module/m" + number + "/event/" + MemorySource.ANSWERED))
          .toArray(byte[][]::new);

  private final EndedRuns ended = new EndedRuns();
  private final Dispatcher dispatcher = new Dispatcher(Throwable::printStackTrace);
  private Path directory;
  private Router router;
  private long runs;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Makes the agents. */
  @Setup
  public void host() throws IOException {
    directory = Files.createTempDirectory("events-benchmark");
    Files.writeString(directory.resolve(AgentEnvironment.FILE), "A=B\n");
    Limits limits =
        new Limits(
            CHANNELS,
            Limits.DEFAULT.queue(),
            Limits.Ordering.CHANNEL,
            Limits.DEFAULT.stepTimeout());
    RunContext context =
        new RunContext(
            dispatcher,
            ended,
            limits,
            new AgentEnvironment(directory, Variables.NONE),
            new UniqueIds());
    Commons commons = new Commons(CHANNELS * agents, limits.queue());
    List<HostedAgent> hosted =
        IntStream.range(0, agents)
            .mapToObj(
                number ->
                    new HostedAgent(
                        "module/bench" + number,
                        context,
                        new StepResolver(List.of(MemorySource.of("/memory", 1)), (_, _) -> {}),
                        commons,
                        () -> {}))
            .toList();
    router = new Router(hosted, new Counters(), Clock.systemUTC(), new UniqueIds(), (_, _) -> {});
    dispatcher.start();
  }

  /** Ends the dispatch thread. */
  @TearDown
  public void end() throws IOException {
    dispatcher.close();
    Files.delete(directory.resolve(AgentEnvironment.FILE));
    Files.delete(directory);
  }

  /** An event that no agent has steps for. */
  @Benchmark
  public void unhandled() {
    router.message(null, UNHANDLED, PAYLOAD, new LookUp.Moment());
  }

  /** An event that all agents answer: lanes, variables and the dispatch thread included. */
  @Benchmark
  @OperationsPerInvocation(CHANNELS)
  public void handled() {
    for (byte[] channel : handled) {
      dispatcher.execute(() -> router.message(null, channel, PAYLOAD, new LookUp.Moment()));
    }
    runs += (long) CHANNELS * agents;
    ended.await(runs);
  }
}
