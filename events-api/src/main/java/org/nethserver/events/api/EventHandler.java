package org.nethserver.events.api;

import java.util.Set;

/**
 * A step written in Java: it runs among the scripts of the same event, in its place by name.
 *
 * <p>Implemented by the authors of plugins; found by {@link java.util.ServiceLoader}, that is,
 * named by {@code provides org.nethserver.events.api.EventHandler with …} in a {@code
 * module-info.java} or by a line of {@code
 * META-INF/services/org.nethserver.events.api.EventHandler}; called by the agent alone.
 *
 * <p>Life cycle:
 *
 * <ol>
 *   <li>One instance is made for each agent, by the public constructor without parameters or the
 *       {@code provider()} method. So its fields belong to one agent.
 *   <li>{@link #step}, {@link #events} and {@link #sources} are each called once, then, before
 *       anything else. A throw or a wrong name there keeps the handler from being used, with a line
 *       in the log, and it is not closed either. Constructors and these methods of all handlers of
 *       a plugin have 10 seconds together; a plugin that takes longer is not used.
 *   <li>{@link #handle} is called once for each run of the step, any number of times.
 *   <li>{@link #close} is called once, after the last {@link #handle} has returned: when the agent
 *       ends in order, or when a changed plugin has taken this one's place. After 10 seconds, 5 at
 *       the agent's end, it is waited for no longer. It is not called if a {@link #handle} never
 *       returns, nor if the process is killed.
 * </ol>
 *
 * <p>Threads: everything but {@link #handle} is called by one thread at a time. {@link #handle} is
 * called by a thread of a bounded pool, which it may block. Calls for events of one channel follow
 * each other; for events of different channels they overlap, on the same instance: its fields must
 * be safe for that. The thread's context class loader is the plugin's.
 *
 * <p>Errors: whatever {@link #handle} throws, an {@link Error} too, ends its run as a script's exit
 * code 1 would; what was thrown is logged as the step's output. Only the exhaustion of the heap,
 * and {@link System#exit}, end the process.
 */
public interface EventHandler {
  /**
   * Returns the step's name, which is its place among the steps of an event: steps run in the order
   * of their names' bytes, and one of the same name in a later directory takes its place. As the
   * name of a script: {@code 30index}; not empty, without {@code /} and NUL, at most 255 bytes.
   */
  String step();

  /**
   * Returns the events that it answers: at least one name, such as {@code user-domain-changed}, or
   * pattern, such as {@code user-*}, where {@code *} stands for any characters and {@code ?} for
   * one.
   */
  Set<String> events();

  /**
   * Returns the sources whose events it answers, as names or patterns like those of {@link
   * #events}; {@code *} stands for {@code /} as well. An event of another source passes it by
   * without a word: the run goes on with the next step. Without an override it answers events of
   * all sources.
   */
  default Set<String> sources() {
    return Set.of("*");
  }

  /**
   * Handles one event.
   *
   * <p>When the time limit has passed, or the agent is told to stop, the thread is interrupted and
   * {@link HandlerContext#isCancelled} is true. A handler that does not return within the grace
   * after that, 10 seconds after the time limit, is given up: its plugin counts as stuck and is not
   * called again until it is loaded anew or the agent restarts.
   *
   * @param event what happened
   * @param context what a script would find in its environment, and the log; valid until this
   *     returns
   * @return how it went
   * @throws Exception for a failure that the handler has no better words for
   */
  HandlerResult handle(Event event, HandlerContext context) throws Exception;

  /**
   * Frees what the handler holds: threads, connections, files. What it throws is logged. Threads
   * that live on keep the old plugin's memory, and are named in the log.
   */
  default void close() throws Exception {}
}
