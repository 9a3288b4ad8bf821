package org.nethserver.events.agent.plugins;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls code of a plugin on a thread of its own, and waits for it for so long and no longer: a
 * constructor that never returns must not keep the agent from its start, nor a {@code close()} from
 * the next reload.
 *
 * @param <T> what the code makes
 */
interface TimedCall<T> {
  /** More than anyone needs to read a file or to begin a thread. */
  Duration LIMIT = Duration.ofSeconds(10);

  /** Runs the code. */
  T call() throws PluginFailure;

  /**
   * Calls the code and returns what it makes.
   *
   * @param late gets what is made after the time is over, if it is
   * @throws PluginFailure if the code throws it, or takes too long: then its thread is interrupted
   *     and left to itself
   */
  static <T> T within(Duration limit, TimedCall<T> code, Consumer<T> late) throws PluginFailure {
    CompletableFuture<T> made = new CompletableFuture<>();
    Thread thread = new Thread(null, () -> complete(made, code), "plugin-code", 0, false);
    thread.setContextClassLoader(TimedCall.class.getClassLoader());
    thread.setDaemon(true);
    thread.start();
    try {
      return made.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      String where = where(thread.getStackTrace());
      thread.interrupt();
      made.thenAccept(late);
      throw new PluginFailure(
          "its code does not return within %d s%s".formatted(limit.toSeconds(), where),
          PluginFailure.MEND,
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      made.thenAccept(late);
      throw new PluginFailure("its loading was interrupted", "reload the agent", e);
    } catch (ExecutionException e) {
      throw thrown(e.getCause());
    }
  }

  private static <T> void complete(CompletableFuture<T> made, TimedCall<T> code) {
    try {
      made.complete(code.call());
    } catch (Throwable e) {
      made.completeExceptionally(e);
    }
  }

  private static PluginFailure thrown(@Nullable Throwable failure) {
    return switch (failure) {
      case PluginFailure theirs -> theirs;
      case RuntimeException ours -> throw ours;
      case Error error -> throw error;
      case null, default -> throw new IllegalStateException(failure);
    };
  }

  /** Names the innermost place that is not the JDK's: there the plugin waits, or spins. */
  private static String where(StackTraceElement[] trace) {
    for (StackTraceElement frame : trace) {
      String module = String.valueOf(frame.getModuleName());
      if (!module.startsWith("java.") && !module.startsWith("jdk.")) {
        return ", at %s.%s (line %d)"
            .formatted(frame.getClassName(), frame.getMethodName(), frame.getLineNumber());
      }
    }
    return "";
  }
}
