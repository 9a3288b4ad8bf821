package org.nethserver.events.agent.run;

import java.util.stream.IntStream;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.spi.StepSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Merging the steps that several places have for one event. */
@State(Scope.Benchmark)
public class StepResolverBenchmark {
  private static final int STEPS = 3;

  /** How many have steps of the same three names. */
  @Param({"1", "3"})
  public int sources;

  private final Channel channel = Channel.parse("module/m1/event/" + MemorySource.ANSWERED);
  private StepResolver resolver;

  /** Opens the sources. */
  @Setup
  public void open() {
    resolver =
        new StepResolver(
            IntStream.range(0, sources)
                .<StepSource>mapToObj(number -> MemorySource.of("/memory" + number, STEPS))
                .toList(),
            (_, _) -> {});
  }

  /** The steps of an event that has some. */
  @Benchmark
  public Handling merge() {
    return resolver.handling(channel);
  }
}
