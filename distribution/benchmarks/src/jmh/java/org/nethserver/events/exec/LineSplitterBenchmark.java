package org.nethserver.events.exec;

import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Lines of a step's output. */
@State(Scope.Benchmark)
public class LineSplitterBenchmark {
  private static final int LINES = 100;

  private final byte[] output =
      "reloaded the configuration of the proxy, 12 routes\n"
          .repeat(LINES)
          .getBytes(StandardCharsets.US_ASCII);

  /** Splits what came by one read, a line an operation. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public void feed(Blackhole heard) {
    new LineSplitter(heard::consume).feed(output, output.length);
  }
}
