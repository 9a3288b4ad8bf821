package org.nethserver.events.distribution.benchmarks;

/**
 * How much one process hosts.
 *
 * @param agents how many agents it is told of by files; 0 if it is one agent, told of by flags
 * @param directories how many directories of other events each agent has
 */
record Extent(int agents, int directories) {
  /** One agent by flags, as in a unit of its own. */
  static final Extent ALONE = new Extent(0, 20);

  /** As many agents as a large node has modules. */
  static final Extent NODE = new Extent(20, 20);

  Extent {
    if (agents < 0 || directories < 0) {
      throw new IllegalArgumentException(agents + " agents, " + directories + " directories");
    }
  }

  boolean isHosted() {
    return agents > 0;
  }
}
