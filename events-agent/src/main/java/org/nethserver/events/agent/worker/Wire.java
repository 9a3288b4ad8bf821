package org.nethserver.events.agent.worker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.plugins.Glob;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.StepName;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepListener.Stream;
import org.nethserver.events.api.spi.StepRun;

/**
 * The form of messages between an agent and its worker: a length, a letter for the kind, the parts.
 * Both ends come from the same image, so there are no versions. One that reads believes nothing: a
 * length beyond its bound, a kind or a value that there is not, is an {@link IOException}.
 */
final class Wire {
  /** The longest message of a worker: a line with its note, or the report of many plugins. */
  static final int MAX_FROM_WORKER = 1 << 20;

  private static final int MAX_LINE = StepListener.MAX_LINE + 256;

  /** The longest text in characters, beyond which it is cut; longer than any name or path. */
  private static final int MAX_TEXT = StepListener.MAX_LINE / 3;

  /** The most plugins, handlers of one, problems and the like: each becomes a line somewhere. */
  private static final int MAX_LIST = 1000;

  /**
   * The most characters of a worker's patterns, some added for each: all are compared with the name
   * of every event, which delays the events of others.
   */
  private static final int MAX_PATTERNS = 16 * 1024;

  private static final int EACH = 16;
  private static final int MAX_STEP_NAME = 255;

  private Wire() {}

  static void write(DataOutputStream out, ToWorker message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    DataOutputStream parts = new DataOutputStream(bytes);
    byte[] payload = {};
    switch (message) {
      case ToWorker.Begin begin -> {
        parts.writeByte('B');
        text(parts, begin.agent());
        parts.writeByte(begin.trust().ordinal());
        texts(parts, begin.directories().stream().map(Path::toString).toList());
        parts.writeInt(begin.places());
        parts.writeLong(begin.limit().toNanos());
      }
      case ToWorker.Reload _ -> parts.writeByte('R');
      case ToWorker.Release release -> {
        parts.writeByte('F');
        parts.writeInt(release.loading());
      }
      case ToWorker.Start start -> {
        parts.writeByte('S');
        payload = start.run().event().payload().bytes();
        start(parts, start);
      }
      case ToWorker.Stop stop -> {
        parts.writeByte('T');
        parts.writeLong(stop.call());
        parts.writeLong(stop.grace().toNanos());
      }
    }
    out.writeInt(bytes.size() + payload.length);
    bytes.writeTo(out);
    // Last, and not put together with the rest: it may be large.
    out.write(payload);
  }

  private static void start(DataOutputStream parts, ToWorker.Start start) throws IOException {
    StepRun run = start.run();
    Event event = run.event();
    parts.writeLong(start.call());
    parts.writeInt(start.loading());
    text(parts, start.directory().toString());
    bytes(parts, start.step());
    text(parts, run.id());
    text(parts, run.directory().toString());
    parts.writeInt(run.variables().entries().size());
    for (byte[] entry : run.variables().entries()) {
      bytes(parts, entry);
    }
    text(parts, event.id());
    text(parts, event.channel().toString());
    parts.writeLong(event.time().getEpochSecond());
    parts.writeInt(event.time().getNano());
    parts.writeInt(event.delivery());
  }

  /** Reads the next message to a worker; null at the end. */
  static @Nullable ToWorker readToWorker(DataInputStream in) throws IOException {
    DataInputStream parts = frame(in, Integer.MAX_VALUE);
    if (parts == null) {
      return null;
    }
    byte kind = parts.readByte();
    return switch (kind) {
      case 'B' ->
          new ToWorker.Begin(
              text(parts),
              Trust.values()[parts.readByte()],
              texts(parts).stream().map(Path::of).toList(),
              parts.readInt(),
              Duration.ofNanos(parts.readLong()));
      case 'R' -> new ToWorker.Reload();
      case 'F' -> new ToWorker.Release(parts.readInt());
      case 'S' -> start(parts);
      case 'T' -> new ToWorker.Stop(parts.readLong(), Duration.ofNanos(parts.readLong()));
      default -> throw new IOException("a message of no kind, " + kind);
    };
  }

  private static ToWorker.Start start(DataInputStream parts) throws IOException {
    long call = parts.readLong();
    int loading = parts.readInt();
    Path directory = Path.of(text(parts));
    byte[] step = bytes(parts);
    String run = text(parts);
    Path working = Path.of(text(parts));
    List<byte[]> entries = new ArrayList<>();
    for (int left = parts.readInt(); left > 0; left--) {
      entries.add(bytes(parts));
    }
    String id = text(parts);
    Channel channel = Channel.parse(text(parts));
    Instant time = Instant.ofEpochSecond(parts.readLong(), parts.readInt());
    int delivery = parts.readInt();
    Event event = new Event(id, channel, Payload.wrap(parts.readAllBytes()), time, delivery);
    return new ToWorker.Start(
        call, loading, directory, step, new StepRun(event, run, Variables.of(entries), working));
  }

  static void write(DataOutputStream out, FromWorker message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    DataOutputStream parts = new DataOutputStream(bytes);
    switch (message) {
      case FromWorker.Loaded loaded -> {
        parts.writeByte('L');
        parts.writeInt(loaded.loading());
        texts(parts, loaded.changes());
        report(parts, loaded.report());
      }
      case FromWorker.Output output -> {
        parts.writeByte('O');
        parts.writeLong(output.call());
        parts.writeByte(output.stream().ordinal());
        bytes(parts, output.line());
      }
      case FromWorker.Ended ended -> {
        parts.writeByte('E');
        parts.writeLong(ended.call());
        outcome(parts, ended.outcome());
      }
      case FromWorker.Complaint complaint -> {
        parts.writeByte('C');
        text(parts, complaint.text());
      }
    }
    if (bytes.size() > MAX_FROM_WORKER) {
      throw new IOException("more is to be told of plugins than fits into 1 MiB");
    }
    out.writeInt(bytes.size());
    bytes.writeTo(out);
  }

  /** Reads the next message of a worker; null at the end. */
  static @Nullable FromWorker readFromWorker(DataInputStream in) throws IOException {
    DataInputStream parts = frame(in, MAX_FROM_WORKER);
    if (parts == null) {
      return null;
    }
    byte kind = parts.readByte();
    try {
      return switch (kind) {
        case 'L' -> new FromWorker.Loaded(parts.readInt(), texts(parts), report(parts));
        case 'O' -> output(parts);
        case 'E' -> new FromWorker.Ended(parts.readLong(), outcome(parts));
        case 'C' -> new FromWorker.Complaint(text(parts));
        default -> throw new IOException("a message of no kind, " + kind);
      };
    } catch (RuntimeException e) {
      // Values that there are not: a path with a NUL, an exit code of 256.
      throw new IOException("a message that says nothing: " + e.getMessage(), e);
    }
  }

  private static FromWorker.Output output(DataInputStream parts) throws IOException {
    long call = parts.readLong();
    Stream stream = parts.readByte() == 0 ? Stream.STDOUT : Stream.STDERR;
    byte[] line = bytes(parts);
    if (line.length > MAX_LINE) {
      throw new IOException("a line of " + line.length + " bytes");
    }
    return new FromWorker.Output(call, stream, line);
  }

  private static void outcome(DataOutputStream parts, Outcome outcome) throws IOException {
    switch (outcome) {
      case Outcome.Completed _ -> parts.writeByte('c');
      case Outcome.Failed failed -> {
        parts.writeByte('f');
        parts.writeInt(failed.code());
      }
      case Outcome.Killed killed -> {
        parts.writeByte('k');
        parts.writeInt(killed.signal());
      }
      case Outcome.Skipped skipped -> {
        parts.writeByte('s');
        text(parts, skipped.why());
      }
      case Outcome.TimedOut _, Outcome.Stopped _ ->
          throw new IllegalArgumentException("only the agent knows of it: " + outcome);
    }
  }

  private static Outcome outcome(DataInputStream parts) throws IOException {
    byte kind = parts.readByte();
    return switch (kind) {
      case 'c' -> new Outcome.Completed();
      case 'f' -> new Outcome.Failed(within(1, 255, parts.readInt()));
      case 'k' -> new Outcome.Killed(within(1, 64, parts.readInt()));
      case 's' -> new Outcome.Skipped(text(parts));
      default -> throw new IOException("an outcome of no kind, " + kind);
    };
  }

  private static int within(int least, int most, int number) throws IOException {
    if (number < least || number > most) {
      throw new IOException("a number that cannot be, " + number);
    }
    return number;
  }

  private static void report(DataOutputStream parts, PluginReport report) throws IOException {
    parts.writeInt(report.plugins().size());
    for (PluginReport.Loaded plugin : report.plugins()) {
      texts(parts, List.of(plugin.name(), plugin.version(), plugin.file().toString()));
      parts.writeInt(plugin.steps().size());
      for (PluginReport.Handler handler : plugin.steps()) {
        texts(parts, List.of(handler.step(), handler.type()));
        texts(parts, handler.events());
        texts(parts, handler.sources());
      }
      texts(parts, plugin.providers());
    }
    parts.writeInt(report.problems().size());
    for (PluginProblem problem : report.problems()) {
      texts(
          parts,
          List.of(problem.plugin(), problem.file().toString(), problem.why(), problem.cure()));
    }
  }

  private static PluginReport report(DataInputStream parts) throws IOException {
    List<PluginReport.Loaded> plugins = new ArrayList<>();
    for (int left = count(parts); left > 0; left--) {
      List<String> names = texts(parts);
      List<PluginReport.Handler> handlers = new ArrayList<>();
      for (int more = count(parts); more > 0; more--) {
        List<String> handler = texts(parts);
        handlers.add(
            new PluginReport.Handler(handler.get(0), handler.get(1), texts(parts), texts(parts)));
      }
      plugins.add(
          new PluginReport.Loaded(
              names.get(0), names.get(1), Path.of(names.get(2)), handlers, texts(parts)));
    }
    checkNames(plugins);
    List<PluginProblem> problems = new ArrayList<>();
    for (int left = count(parts); left > 0; left--) {
      List<String> said = texts(parts);
      problems.add(new PluginProblem(said.get(0), Path.of(said.get(1)), said.get(2), said.get(3)));
    }
    return new PluginReport(plugins, problems);
  }

  /** What the worker's own checks let through, too: these names come to the dispatch thread. */
  private static void checkNames(List<PluginReport.Loaded> plugins) throws IOException {
    int patterns = 0;
    for (PluginReport.Loaded plugin : plugins) {
      for (PluginReport.Handler handler : plugin.steps()) {
        within(1, MAX_STEP_NAME, StepName.of(handler.step()).bytes().length);
        patterns += EACH;
        for (String event : handler.events()) {
          patterns += EACH + new EventName(new Glob(event).example()).text().length();
        }
        for (String source : handler.sources()) {
          patterns += EACH + new EventSource(new Glob(source).example()).text().length();
        }
      }
    }
    if (patterns > MAX_PATTERNS) {
      throw new IOException("handlers with more than 16 KiB of events and sources");
    }
  }

  private static int count(DataInputStream parts) throws IOException {
    return within(0, MAX_LIST, parts.readInt());
  }

  private static @Nullable DataInputStream frame(DataInputStream in, int most) throws IOException {
    int length;
    try {
      length = in.readInt();
    } catch (EOFException e) {
      return null;
    }
    if (length < 1 || length > most) {
      throw new IOException("a message of " + length + " bytes");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the end amid a message");
    }
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }

  private static void texts(DataOutputStream parts, List<String> texts) throws IOException {
    parts.writeInt(texts.size());
    for (String text : texts) {
      text(parts, text);
    }
  }

  private static List<String> texts(DataInputStream parts) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int left = count(parts); left > 0; left--) {
      texts.add(text(parts));
    }
    return texts;
  }

  private static void text(DataOutputStream parts, String text) throws IOException {
    String brief = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    bytes(parts, brief.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(DataInputStream parts) throws IOException {
    byte[] bytes = bytes(parts);
    within(0, StepListener.MAX_LINE, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void bytes(DataOutputStream parts, byte[] bytes) throws IOException {
    parts.writeInt(bytes.length);
    parts.write(bytes);
  }

  private static byte[] bytes(DataInputStream parts) throws IOException {
    int length = parts.readInt();
    if (length < 0 || length > parts.available()) {
      throw new IOException("a part of " + length + " bytes");
    }
    return parts.readNBytes(length);
  }
}
