package org.nethserver.events.agent.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Finding.Severity;

final class ContainedTests {
  private final Contained contained = new Contained(Instant.now().plusSeconds(20));

  @Test
  void passesOnWhatWasFound() {
    List<Finding> found = List.of(Finding.ok("a", "b"));
    assertEquals(found, contained.run("x", () -> found));
  }

  @Test
  void faultIsAFinding() {
    assertEquals(
        List.of(
            Finding.problem(
                "x",
                "the examination failed: java.lang.LinkageError: odd",
                "this is a fault of the doctor or of a plugin; report it")),
        contained.run(
            "x",
            () -> {
              throw new LinkageError("odd");
            }));
  }

  @Test
  void whatCannotBeReadIsAFinding() {
    assertEquals(
        List.of(
            Finding.problem(
                "x", "cannot be looked at: IOException: /f", "run the doctor as the agent's user")),
        contained.run(
            "x",
            () -> {
              throw new IOException("/f");
            }));
  }

  @Test
  void whatDoesNotEndIsAFinding() {
    CountDownLatch never = new CountDownLatch(1);
    Instant begun = Instant.now();
    List<Finding> found =
        new Contained(begun)
            .run(
                "x",
                () -> {
                  never.await();
                  return List.of();
                });
    assertEquals(Severity.PROBLEM, found.getFirst().severity());
    assertEquals("no result in time", found.getFirst().what());
    assertTrue(Duration.between(begun, Instant.now()).compareTo(Duration.ofSeconds(10)) < 0);
    never.countDown();
  }
}
