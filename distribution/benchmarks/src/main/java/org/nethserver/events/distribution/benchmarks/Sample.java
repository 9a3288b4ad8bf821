package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What an agent holds at one moment, without the steps that it runs.
 *
 * @param seconds since it began to work
 * @param rss resident memory, in MB
 * @param pss its proportional share
 * @param descriptors open files
 * @param threads of all processes that are kept
 */
record Sample(double seconds, double rss, double pss, int descriptors, int threads) {
  /** Takes samples of one agent. Steps end soon: what is there at two looks is kept. */
  static final class Taker {
    private final ProcessTree tree;
    private List<Long> before;

    Taker(ProcessTree tree) {
      this.tree = tree;
      this.before = tree.processes();
    }

    Sample take(Duration worked) throws IOException {
      List<Long> now = tree.processes();
      List<Long> kept = new ArrayList<>(now);
      kept.retainAll(before);
      before = now;
      ProcessTree.Memory memory = ProcessTree.memory(kept);
      return new Sample(
          worked.toMillis() / 1e3,
          memory.rss(),
          memory.pss(),
          ProcessTree.descriptors(kept),
          ProcessTree.threads(kept));
    }
  }
}
