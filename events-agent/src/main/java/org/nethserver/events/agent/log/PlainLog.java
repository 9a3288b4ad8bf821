package org.nethserver.events.agent.log;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.nethserver.events.agent.text.Printable;

/**
 * Plain lines: those of steps to one output as they are, those of the agent to another with {@code
 * <N>} before them unless they are plain information.
 */
final class PlainLog implements SystemLog {
  private static final byte[][] PREFIXES = prefixes();
  private static final byte[] NONE = {};

  private final LineOutput steps;
  private final boolean stepsOnTerminal;
  private final LineOutput agent;
  private final LongAdder dropped = new LongAdder();
  private volatile boolean closed;

  /**
   * Takes its outputs, which it never closes.
   *
   * @param steps for the lines of steps
   * @param stepsOnTerminal whether a person's terminal shows them: then what it would obey is
   *     escaped
   * @param agent for the lines of the agent
   */
  PlainLog(LineOutput steps, boolean stepsOnTerminal, LineOutput agent) {
    this.steps = steps;
    this.stepsOnTerminal = stepsOnTerminal;
    this.agent = agent;
  }

  @Override
  public void agent(Priority priority, Map<String, String> fields, String text) {
    if (closed || !agent.write(PREFIXES[priority.ordinal()], AgentLine.of(text))) {
      dropped.increment();
    }
  }

  @Override
  public void step(Map<String, String> fields, byte[] line) {
    if (closed || !steps.write(NONE, stepsOnTerminal ? Printable.bytes(line) : line)) {
      dropped.increment();
    }
  }

  @Override
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public void close() {
    closed = true;
  }

  private static byte[][] prefixes() {
    byte[][] prefixes = new byte[Priority.values().length][];
    for (Priority priority : Priority.values()) {
      String prefix = priority == Priority.INFO ? "" : "<" + priority.ordinal() + ">";
      prefixes[priority.ordinal()] = prefix.getBytes(StandardCharsets.US_ASCII);
    }
    return prefixes;
  }
}
