package org.nethserver.events.api;

import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What every message costs first. */
@State(Scope.Benchmark)
public class ChannelBenchmark {
  private final byte[] channel =
      "module/traefik1/event/certificate-updated".getBytes(StandardCharsets.US_ASCII);

  /** Cuts and checks a channel. */
  @Benchmark
  public Channel parse() {
    return Channel.parse(channel);
  }
}
