package org.nethserver.events.agent.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nethserver.events.api.spi.EventSink;
import tools.jackson.databind.JsonNode;

@Timeout(60)
final class TailCommandTests {
  private final Shell shell = new Shell();

  @AfterEach
  void close() {
    shell.close();
  }

  /** Types the command while another thread does what the transport's would. */
  private Shell.Result tail(Runnable transport, String... more) {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "tail";
    arguments[1] = "--redis=fake://here";
    System.arraycopy(more, 0, arguments, 2, more.length);
    CompletableFuture<Void> brought = CompletableFuture.runAsync(transport);
    Shell.Result result = Shell.type(arguments);
    brought.orTimeout(20, TimeUnit.SECONDS).join();
    return result;
  }

  private void bring(String payload) {
    shell.transport.bring("cluster/event/user-created", payload);
  }

  @Test
  void eachEventIsALineWithWhatATerminalWouldObeyEscaped() {
    Shell.Result result =
        tail(
            () -> {
              shell.transport.sink().subscribed();
              bring("{\"user\":\"alice\"}");
              bring("two\nlines \u001b[2J");
            },
            "--count=2");
    assertEquals(0, result.exitCode());
    assertEquals("Listening. Ctrl-C ends.\n", result.err());
    List<String> lines = result.out().lines().toList();
    assertEquals(2, lines.size());
    assertTrue(
        lines.get(0).matches("[0-9:.]{12}  cluster/event/user-created  \\{\"user\":\"alice\"}"),
        lines::getFirst);
    assertTrue(lines.get(1).endsWith("  two\\nlines \\x1b[2J"), lines::getLast);
    assertEquals(List.of("subscribe */event/*", "close"), shell.transport.calls);
  }

  @Test
  void jsonKeepsEveryByte() {
    Shell.Result result =
        tail(
            () -> {
              bring("{\"user\":\"alice\"}");
              bring("cluster/acls");
              shell
                  .transport
                  .sink()
                  .received("cluster/event/user-created".getBytes(UTF_8), new byte[] {(byte) 0xff});
            },
            "--json",
            "--count=3");
    List<JsonNode> lines =
        result.out().lines().map(line -> new Shell.Result(0, line, "").json()).toList();
    assertEquals("alice", lines.get(0).at("/payload/user").asString());
    assertEquals("cluster/event/user-created", lines.get(0).path("channel").asString());
    assertEquals("cluster/acls", lines.get(1).path("payload").asString());
    assertEquals("/w==", lines.get(2).path("payload_base64").asString());
  }

  @ParameterizedTest
  @CsvSource({
    "user-*, */event/user-*",
    "cluster/event/*, cluster/event/*",
    "module/mail*/event/x, module/mail*/event/x"
  })
  void globWithoutASourceIsOneOfNames(String glob, String pattern) {
    tail(() -> bring("{}"), "--count=1", glob);
    assertEquals("subscribe " + pattern, shell.transport.calls.getFirst());
  }

  @Test
  void troubleIsTold() {
    Shell.Result result =
        tail(
            () -> {
              shell.transport.sink().unavailable("connection refused");
              bring("{}");
            },
            "--count=1");
    assertEquals("Not connected: connection refused. Trying again.\n", result.err());
  }

  @Test
  void whatIsNotReadFillsNoMemory() {
    String large = "x".repeat(16 << 20);
    StringWriter err = new StringWriter();
    // Whoever reads takes nothing until all has come.
    CompletableFuture<Void> allCame = new CompletableFuture<>();
    EventSink[] sink = new EventSink[1];
    CompletableFuture<Void> brought =
        CompletableFuture.runAsync(
            () -> {
              sink[0] = shell.transport.sink();
              IntStream.range(0, 10).forEach(_ -> bring(large));
              allCame.complete(null);
            });
    StringWriter out =
        new StringWriter() {
          @Override
          public void write(String text, int from, int length) {
            allCame.orTimeout(20, TimeUnit.SECONDS).join();
            super.write("", 0, 0);
          }
        };
    int exitCode =
        EventsCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute("tail", "--redis=fake://here", "--count=3");
    brought.join();
    assertEquals(0, exitCode);
    assertTrue(
        err.toString()
            .matches("[67] events were left out: they came quicker than they are shown\n"),
        err::toString);
  }

  @Test
  void endsWhenNobodyReadsAnyMore() {
    CompletableFuture.runAsync(() -> bring("{}"));
    int exitCode =
        EventsCommand.commandLine()
            .setOut(new PrintWriter(new ClosedPipe(), false, UTF_8))
            .setErr(new PrintWriter(new StringWriter()))
            .execute("tail", "--redis=fake://here", "--count=2");
    assertEquals(0, exitCode);
    assertEquals("close", shell.transport.calls.getLast());
  }

  private static final class ClosedPipe extends OutputStream {
    @Override
    public void write(int b) throws java.io.IOException {
      throw new java.io.IOException("Broken pipe");
    }
  }

  @Test
  void unknownSchemeIsExitCode2AndShowsNoPassword() {
    Shell.Result result = Shell.type("tail", "--redis=other://me:s3cret@here");
    assertEquals(
        new Shell.Result(
            2, "", "no transport for \"other://\" in other://***@here; there is one for fake\n"),
        result);
  }
}
