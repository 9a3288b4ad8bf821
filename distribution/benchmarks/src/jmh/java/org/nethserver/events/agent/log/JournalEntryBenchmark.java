package org.nethserver.events.agent.log;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a line of a step costs before it is sent. */
@State(Scope.Benchmark)
public class JournalEntryBenchmark {
  private static final Map<String, String> FIELDS =
      Map.of(
          "AGENT_ID", "module/traefik1",
          "AGENT_EVENT_ID", "0192f0c1-5d2e-7a41-8c6f-3b1f7f1f2a10",
          "AGENT_EVENT_NAME", "certificate-updated",
          "AGENT_EVENT_SOURCE", "module/traefik1",
          "AGENT_STEP", "10step",
          "AGENT_STEP_RUN", "0192f0c1-5d2e-7a41-8c6f-3b1f7f1f2a11");

  private final JournalEntry entry = new JournalEntry();
  private final byte[] line =
      "<6>reloaded the configuration of the proxy, 12 routes".getBytes(StandardCharsets.US_ASCII);

  /** Lays out one entry. */
  @Benchmark
  public int build() {
    entry.begin(Priority.INFO);
    entry.field("SYSLOG_IDENTIFIER", "agent@traefik1");
    entry.fields(FIELDS);
    entry.message(line, Priority.PREFIX);
    return entry.length();
  }
}
