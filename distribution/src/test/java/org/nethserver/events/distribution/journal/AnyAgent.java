package org.nethserver.events.distribution.journal;

import java.util.Set;
import java.util.function.Consumer;

/** One process of an agent. */
interface AnyAgent {
  /** Makes agents. */
  @FunctionalInterface
  interface Maker {
    AnyAgent make(Set<Rule> rules, AgentFile file, Consumer<Command> out, Agent.Report report);
  }

  /** Whether it waits for a recorder before it takes anything. */
  boolean holding();

  /** Whether it has nothing to run. */
  boolean idle();

  /** A subscription begins; what was sent before is answered no more. */
  void connected();

  /** No recorder was heard for too long. */
  void losePatience();

  void hear(Message message);

  /** What it read. */
  void contents(Command.Contents contents);

  boolean canStep(char channel);

  /** Starts the first run of a channel, or ends it. */
  void step(char channel);

  void fingerprint(StringBuilder text);
}
