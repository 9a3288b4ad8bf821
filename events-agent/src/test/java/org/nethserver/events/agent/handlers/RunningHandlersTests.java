package org.nethserver.events.agent.handlers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.HandlerResult;

@Timeout(60)
final class RunningHandlersTests {
  private static final Channel CHANNEL = Channel.parse(HandlerStage.CHANNEL);
  private static final String LINE =
      "\"30index\" of plugin \"search\" for module/ldap1/event/user-created";

  /** Returns what another program reads of this one's files of that kind. */
  private static List<String> seen() throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .filter(RunningHandlersTests::isOurs)
          .flatMap(RunningHandlersTests::lines)
          .toList();
    }
  }

  private static boolean isOurs(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().contains("/" + RunningHandlers.FILE);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  private static java.util.stream.Stream<String> lines(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1)
          .lines()
          .filter(line -> !line.isEmpty());
    } catch (IOException e) {
      throw new AssertionError("cannot be read through its descriptor", e);
    }
  }

  @Test
  void placesAreReadThroughADescriptorOfAFileWithoutName() throws IOException {
    try (RunningHandlers running = new RunningHandlers(4)) {
      running.open();
      byte[] label = RunningHandlers.label(new FakeSite());
      running.enter(2, label, CHANNEL);
      running.enter(3, label, Channel.parse("a/event/b"));
      assertEquals(List.of(LINE, "\"30index\" of plugin \"search\" for a/event/b"), seen());
      running.leave(2);
      running.enter(2, label, Channel.parse("c/event/d"));
      running.leave(3);
      assertEquals(List.of("\"30index\" of plugin \"search\" for c/event/d"), seen());
    }
    assertEquals(List.of(), seen());
  }

  @Test
  void longNamesAreCutAndLeaveTheNextPlaceAlone() throws IOException {
    try (RunningHandlers running = new RunningHandlers(2)) {
      running.open();
      Channel channel = Channel.parse("s".repeat(5000) + "/event/" + "n".repeat(255));
      running.enter(1, RunningHandlers.label(new FakeSite()), CHANNEL);
      running.enter(0, RunningHandlers.label(new FakeSite("p".repeat(400))), channel);
      assertEquals(2, seen().size());
      assertEquals(RunningHandlers.LINE - 1, seen().getFirst().length());
      assertEquals(LINE, seen().getLast());
    }
  }

  @Test
  void controlCharactersOfAPluginsNameDoNotMakeLines() {
    assertEquals(
        "\"30index\" of plugin \"a?b\" for ",
        new String(RunningHandlers.label(new FakeSite("a\nb")), StandardCharsets.UTF_8));
  }

  @Test
  void callIsThereWhileItRuns() throws IOException, InterruptedException {
    try (HandlerStage stage = new HandlerStage()) {
      CompletableFuture<List<String>> during = new CompletableFuture<>();
      stage
          .run(
              (_, _) -> {
                during.complete(seen());
                return HandlerResult.success();
              })
          .outcome();
      assertTrue(during.join().contains(LINE), during.join().toString());
      assertEquals(List.of(), seen());
    }
  }
}
