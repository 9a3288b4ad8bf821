package org.nethserver.events.agent.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.StepListener.Stream;
import org.nethserver.events.api.spi.StepRun;

final class WireTests {
  private static final byte[] ANY = {0, 1, '\n', (byte) 0xff, (byte) 0xc3, '='};

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }

  private static byte[] written(FromWorker message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Wire.write(new DataOutputStream(bytes), message);
    return bytes.toByteArray();
  }

  private static PluginReport report(String step, List<String> events, List<String> sources) {
    return new PluginReport(
        List.of(
            new PluginReport.Loaded(
                "a",
                "1.2",
                Path.of("/p/a.jar"),
                List.of(new PluginReport.Handler(step, "a.Handler", events, sources)),
                List.of())),
        List.of(new PluginProblem("b", Path.of("/p/b.jar"), "it is broken", "mend it")));
  }

  private static FromWorker.Loaded loaded(String step, List<String> events, List<String> sources) {
    return new FromWorker.Loaded(3, List.of("a is new"), report(step, events, sources));
  }

  @Nested
  final class WhatIsSentArrives {
    @Test
    void callWithEveryByteOfPayloadVariablesAndName() throws IOException {
      Event event =
          new Event(
              "e-1",
              Channel.parse("module/a1/event/user-created"),
              Payload.of(ANY),
              Instant.ofEpochSecond(7, 8));
      StepRun run =
          new StepRun(
              event,
              "r-1",
              Variables.of(List.of("A=b".getBytes(StandardCharsets.UTF_8), ANY)),
              Path.of("/s"));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] step = {'3', (byte) 0xff};
      Wire.write(new DataOutputStream(bytes), new ToWorker.Start(5, 2, Path.of("/p"), step, run));

      ToWorker.Start start =
          assertInstanceOf(ToWorker.Start.class, Wire.readToWorker(in(bytes.toByteArray())));

      assertEquals(event, start.run().event());
      assertArrayEquals(step, start.step());
      assertEquals(
          run.variables().entries().stream().map(Arrays::toString).toList(),
          start.run().variables().entries().stream().map(Arrays::toString).toList());
      assertEquals("r-1 /s", start.run().id() + " " + start.run().directory());
    }

    @Test
    void reportLinesAndEnds() throws IOException {
      FromWorker.Loaded loaded = loaded("30a", List.of("user-*"), List.of("module/?1"));
      assertEquals(loaded, Wire.readFromWorker(in(written(loaded))));
      FromWorker.Output output =
          assertInstanceOf(
              FromWorker.Output.class,
              Wire.readFromWorker(in(written(new FromWorker.Output(5, Stream.STDERR, ANY)))));
      assertArrayEquals(ANY, output.line());
      for (Outcome outcome :
          List.of(
              new Outcome.Completed(),
              new Outcome.Failed(255),
              new Outcome.Killed(9),
              new Outcome.Skipped("why"))) {
        FromWorker.Ended ended = new FromWorker.Ended(5, outcome);
        assertEquals(ended, Wire.readFromWorker(in(written(ended))));
      }
    }

    @Test
    void longTextIsCutRatherThanRefused() throws IOException {
      FromWorker.Complaint read =
          assertInstanceOf(
              FromWorker.Complaint.class,
              Wire.readFromWorker(in(written(new FromWorker.Complaint("€".repeat(100_000))))));
      assertEquals("€".repeat(16 * 1024), read.text());
    }

    @Test
    void nothingIsTheEnd() throws IOException {
      assertNull(Wire.readFromWorker(in(new byte[0])));
    }
  }

  @Nested
  final class WhatCannotBeIsRefused {
    private static void refused(String why, byte[] message) {
      IOException e = assertThrows(IOException.class, () -> Wire.readFromWorker(in(message)));
      assertEquals(why, e.getMessage());
    }

    /** A message with these parts, as whoever owns the worker could write it. */
    private static byte[] forged(int length, Object... parts) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      for (Object part : parts) {
        switch (part) {
          case Character kind -> out.writeByte(kind);
          case Integer number -> out.writeInt(number);
          case Long number -> out.writeLong(number);
          default -> throw new AssertionError(part);
        }
      }
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      new DataOutputStream(message).writeInt(length < 0 ? bytes.size() : length);
      bytes.writeTo(message);
      return message.toByteArray();
    }

    @Test
    void lengthsBeyondTheirBounds() throws IOException {
      refused("a message of 1048577 bytes", forged((1 << 20) + 1));
      refused("a message of 0 bytes", forged(0));
      refused("the end amid a message", forged(100, 'C'));
      refused("a part of 2147483647 bytes", forged(-1, 'C', Integer.MAX_VALUE));
      refused("a part of -1 bytes", forged(-1, 'C', -1));
      refused("a number that cannot be, 1001", forged(-1, 'L', 1, 1001));
      refused("a number that cannot be, -5", forged(-1, 'L', 1, -5));
      refused(
          "a line of 50000 bytes",
          written(new FromWorker.Output(1, Stream.STDOUT, new byte[50_000])));
    }

    @Test
    void kindsAndNumbersThatThereAreNot() throws IOException {
      refused("a message of no kind, 88", forged(-1, 'X'));
      refused("an outcome of no kind, 120", forged(-1, 'E', 1L, 'x'));
      refused("a number that cannot be, 0", forged(-1, 'E', 1L, 'f', 0));
      refused("a number that cannot be, 65", forged(-1, 'E', 1L, 'k', 65));
    }

    /** They are made into steps on the dispatch thread, which is everybody's. */
    @Test
    void namesThatNoHandlerCanHave() throws IOException {
      List<String> all = List.of("*");
      refused(
          "a message that says nothing: the step name has a \"/\" or a NUL",
          written(loaded("a/b", all, all)));
      refused("a number that cannot be, 256", written(loaded("x".repeat(256), all, all)));
      refused(
          "a message that says nothing: the event name is longer than 255 bytes",
          written(loaded("30a", List.of("*".repeat(256)), all)));
      refused(
          "a message that says nothing: the event source has an empty segment",
          written(loaded("30a", all, List.of("a//b"))));
    }

    @Test
    void morePatternsThanCanBeComparedWithEveryEvent() throws IOException {
      refused(
          "handlers with more than 16 KiB of events and sources",
          written(loaded("30a", Collections.nCopies(100, "*" + "a".repeat(200)), List.of("*"))));
    }
  }
}
