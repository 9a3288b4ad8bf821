package org.nethserver.events.agent.run;

import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;

/** Steps that are over when their start returns. */
public final class FakeStarts {
  private FakeStarts() {}

  /** A step that cannot be started. */
  public static Step skipping(String why) {
    return (_, listener) -> {
      listener.ended(new Outcome.Skipped(why));
      return _ -> {};
    };
  }

  /** A step that writes lines and ends. */
  public static Step ending(Outcome outcome, String... lines) {
    return (_, listener) -> {
      listener.started();
      for (String line : lines) {
        listener.output(
            org.nethserver.events.api.spi.StepListener.Stream.STDOUT,
            line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
      listener.ended(outcome);
      return _ -> {};
    };
  }
}
