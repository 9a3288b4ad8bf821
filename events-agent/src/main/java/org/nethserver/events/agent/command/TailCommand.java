package org.nethserver.events.agent.command;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.agent.text.ChannelGlobs;
import org.nethserver.events.agent.text.Masking;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.Transport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code events tail}: shows events as they come. */
@Command(
    name = "tail",
    description = {
      "Shows live events, one line each: time, channel, payload. Runs nothing. Ends with Ctrl-C.",
      "Secrets in payloads are shown as ***: values of keys that end in password, secret or token."
    },
    footer = {
      "",
      "Example: what the mail modules and the cluster tell",
      "  events tail 'module/mail*/event/*' 'cluster/event/*'",
      "",
      "Exit codes: 0 after --count events; 2 wrong usage; 130 Ctrl-C."
    })
final class TailCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  /** A terminal that is not read must not fill the memory: beyond this, events are left out. */
  private static final int MAX_WAITING = 10_000;

  private static final long MAX_WAITING_BYTES = 64L << 20;

  @Parameters(
      paramLabel = "GLOB",
      arity = "0..*",
      description =
          "Channels to show, such as 'module/*/event/user-*'; a glob without /event/ is one of"
              + " event names. Default: all.")
  List<String> globs = new ArrayList<>();

  @Option(names = "--json", description = "One JSON object a line.")
  boolean json;

  @Option(names = "--unmasked", description = "Show secrets too: mind who sees your screen.")
  boolean unmasked;

  @Option(names = "--count", paramLabel = "N", description = "End after N events.")
  long count = Long.MAX_VALUE;

  @Mixin RedisFlags redis = new RedisFlags();

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = Terminal.out(spec);
    PrintWriter err = Terminal.err(spec);
    BlockingQueue<Runnable> lines = new ArrayBlockingQueue<>(MAX_WAITING);
    AtomicLong leftOut = new AtomicLong();
    Tail sink = new Tail(lines, leftOut, message -> Terminal.print(out, text(message)), err);
    try (Transport transport = redis.openReplica(ProcessEnvironment.variables(), err)) {
      transport.subscribe(patterns(), sink);
      long shown = 0;
      // checkError: whoever read us may have ended, as head(1) does.
      while (shown < count && !out.checkError()) {
        lines.take().run();
        shown = sink.shown;
        long lost = leftOut.getAndSet(0);
        if (lost > 0) {
          Terminal.print(
              err, lost + " events were left out: they came quicker than they are shown");
        }
      }
    }
    return 0;
  }

  private List<String> patterns() {
    if (globs.isEmpty()) {
      return List.of(Channel.PATTERN);
    }
    return globs.stream().map(ChannelGlobs::channel).toList();
  }

  private String text(Message message) {
    Message shown = unmasked ? message : message.masked();
    return json ? Json.write(shown.json()) : shown.line();
  }

  /** A message as it came. */
  private record Message(Instant time, byte[] channel, byte[] payload) {
    Message masked() {
      return new Message(time, channel, Masking.payload(payload));
    }

    String line() {
      return TIME.format(time)
          + "  "
          + Printable.text(Payload.wrap(channel).text())
          + "  "
          + Printable.text(Payload.wrap(payload).text());
    }

    Map<String, Object> json() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("time", time.toString());
      fields.put("channel", Payload.wrap(channel).text());
      Json.putPayload(fields, payload);
      return fields;
    }
  }

  /** Takes messages on the transport's thread and shows them on the command's. */
  private static final class Tail implements EventSink {
    private final BlockingQueue<Runnable> lines;
    private final AtomicLong leftOut;
    private final Consumer<Message> show;
    private final PrintWriter err;
    private final AtomicLong waitingBytes = new AtomicLong();
    private long shown;

    Tail(
        BlockingQueue<Runnable> lines,
        AtomicLong leftOut,
        Consumer<Message> show,
        PrintWriter err) {
      this.lines = lines;
      this.leftOut = leftOut;
      this.show = show;
      this.err = err;
    }

    @Override
    public void received(byte[] channel, byte[] payload) {
      Message message = new Message(Instant.now(), channel, payload);
      long size = (long) channel.length + payload.length;
      boolean fits =
          waitingBytes.get() + size <= MAX_WAITING_BYTES
              && lines.offer(
                  () -> {
                    waitingBytes.addAndGet(-size);
                    show.accept(message);
                    shown++;
                  });
      if (fits) {
        waitingBytes.addAndGet(size);
      } else {
        leftOut.incrementAndGet();
      }
    }

    @Override
    public void subscribed() {
      say("Listening. Ctrl-C ends.");
    }

    @Override
    public void unavailable(String why) {
      say("Not connected: " + why + ". Trying again.");
    }

    private void say(String text) {
      if (!lines.offer(() -> Terminal.print(err, text))) {
        leftOut.incrementAndGet();
      }
    }
  }
}
