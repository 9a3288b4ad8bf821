package org.nethserver.events.agent.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.nethserver.events.agent.text.Printable;

/**
 * Plain lines: those of steps to one output as they are, those of the agent to another with {@code
 * <N>} before them unless they are plain information. Lines that have an identifier of their own
 * begin with it, behind {@code <N>}: several agents write here.
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
    if (closed || !agent.write(prefix(PREFIXES[priority.ordinal()], fields), AgentLine.of(text))) {
      dropped.increment();
    }
  }

  @Override
  public void step(Map<String, String> fields, byte[] line) {
    byte[] shown = stepsOnTerminal ? Printable.bytes(line) : line;
    if (closed || !(fields.containsKey(IDENTIFIER) ? identified(fields, shown) : raw(shown))) {
      dropped.increment();
    }
  }

  private boolean raw(byte[] line) {
    return steps.write(NONE, line);
  }

  /** A priority that the step gave stays at the beginning: systemd looks for it there. */
  private boolean identified(Map<String, String> fields, byte[] line) {
    int priority = Priority.leading(line).isPresent() ? Priority.PREFIX : 0;
    return steps.write(
        prefix(Arrays.copyOf(line, priority), fields),
        Arrays.copyOfRange(line, priority, line.length));
  }

  private static byte[] prefix(byte[] priority, Map<String, String> fields) {
    String identifier = fields.get(IDENTIFIER);
    if (identifier == null) {
      return priority;
    }
    byte[] name = (identifier + ": ").getBytes(StandardCharsets.UTF_8);
    byte[] prefix = Arrays.copyOf(priority, priority.length + name.length);
    System.arraycopy(name, 0, prefix, priority.length, name.length);
    return prefix;
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
