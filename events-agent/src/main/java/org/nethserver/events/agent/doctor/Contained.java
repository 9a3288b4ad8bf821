package org.nethserver.events.agent.doctor;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Finding.Severity;

/**
 * Examinations that can neither break the others nor keep them waiting: a file system that hangs
 * and a plugin that throws are what the doctor is asked about. Each has a thread of its own, which
 * does not keep the process alive.
 */
final class Contained {
  /** What is quick gets its turn even where something else took all the time. */
  private static final Duration LEAST = Duration.ofMillis(50);

  private final Instant deadline;

  /** Makes one that waits until then for all that it is given. */
  Contained(Instant deadline) {
    this.deadline = deadline;
  }

  Duration left() {
    Duration left = Duration.between(Instant.now(), deadline);
    return left.compareTo(LEAST) < 0 ? LEAST : left;
  }

  /** An examination that goes on. */
  record Begun(String name, CompletableFuture<List<Finding>> end) {}

  Begun begin(String name, Examination examination) {
    CompletableFuture<List<Finding>> end = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("doctor-" + name)
        .start(
            () -> {
              try {
                end.complete(examination.findings());
              } catch (Throwable e) {
                end.complete(List.of(failure(name, e)));
              }
            });
    return new Begun(name, end);
  }

  List<Finding> await(Begun begun) {
    Duration left = left();
    try {
      return begun.end().get(left.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return List.of(
          Finding.problem(
              begun.name(),
              "no result in time",
              "look for a file system or a server that does not answer, or for a plugin that takes"
                  + " long to load"));
    } catch (ExecutionException e) {
      return List.of(failure(begun.name(), e.getCause() == null ? e : e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of(failure(begun.name(), e));
    }
  }

  List<Finding> run(String name, Examination examination) {
    return await(begin(name, examination));
  }

  static Finding failure(String name, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case IllegalArgumentException _ ->
          Finding.told(name, Severity.PROBLEM, message, "see events agent --help");
      case IOException _ ->
          Finding.told(
              name,
              Severity.PROBLEM,
              "cannot be looked at: " + failure.getClass().getSimpleName() + ": " + message,
              "run the doctor as the agent's user");
      default ->
          Finding.problem(
              name,
              "the examination failed: " + failure,
              "this is a fault of the doctor or of a plugin; report it");
    };
  }
}
