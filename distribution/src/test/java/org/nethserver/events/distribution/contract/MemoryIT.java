package org.nethserver.events.distribution.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much memory an agent takes that has had much to do. */
@Unclaimed
class MemoryIT {
  private static final String CHANNEL = "module/flood1/event/order-placed";
  private static final String COMPLETED = "exited with status \"completed\"";
  private static final int BURST = 500;
  private static final int PAYLOAD = 3_072;

  /** A fraction of what comes in, and is made of it, in that time. */
  private static final long GROWTH_LIMIT = 12L * 1024 * 1024;

  @RegisterExtension final Stage stage = new Stage();
  private int runs;

  private void burst(ContractAgent agent) {
    byte[] payload = new byte[PAYLOAD];
    Arrays.fill(payload, "x".getBytes(US_ASCII)[0]);
    stage.redis().publishMany(CHANNEL, BURST, i -> payload);
    runs += BURST;
    agent.awaitLines(COMPLETED, runs);
  }

  @Test
  void burstsLeaveNothingBehind() {
    stage.step("order-placed", "10nothing");
    ContractAgent agent = stage.agent();
    burst(agent);
    long before = Processes.memory(agent.pid());
    for (int more = 0; more < 12; more++) {
      burst(agent);
    }
    long growth = Processes.memory(agent.pid()) - before;
    assertTrue(growth < GROWTH_LIMIT, () -> growth / 1024 + " KiB more than after the first burst");
  }
}
