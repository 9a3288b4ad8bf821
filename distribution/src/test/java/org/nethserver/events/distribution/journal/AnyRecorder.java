package org.nethserver.events.distribution.journal;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** One recorder between its start and its end, or between one subscription and the next. */
interface AnyRecorder {
  /** Makes recorders. */
  @FunctionalInterface
  interface Maker {
    AnyRecorder make(
        int name, Set<Rule> rules, IntSupplier epochs, Consumer<Command> out, Runnable beginAnew);
  }

  boolean whole();

  boolean canLosePatience();

  void losePatience();

  boolean canMark();

  /** Each second. */
  void mark();

  /** The queue became too old or too large. */
  void dropQueue();

  /** Commands were lost on their way, or their replies; they may have been executed. */
  void commandsLost();

  void hear(Message message);

  void reply(Command.Reply reply);

  void fingerprint(StringBuilder text);
}
