package org.nethserver.events.agent.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.nethserver.events.agent.history.RecordedRun;
import org.nethserver.events.agent.history.RecordedRun.RecordedStep;
import org.nethserver.events.agent.text.Printable;

/**
 * Runs as a page that needs nothing but itself. What it shows may be hostile: so it is data, which
 * can end no element, and the browser runs no script and no style but those of the template.
 */
final class RunsPage {
  private static final String TEMPLATE = "runs.html";

  /** What steps wrote, of all runs together: a browser has to load it at once. */
  private static final int MAX_OUTPUT = 8 << 20;

  /** What terminals obey: control sequences, and strings with an end of their own. */
  private static final Pattern SEQUENCES =
      Pattern.compile(
          "\u001b(?:\\[[0-?]*[ -/]*[@-~]|[\\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|["
              + " -/]*[0-~])");

  private int left = MAX_OUTPUT;

  private RunsPage() {}

  /**
   * What the page is about.
   *
   * @param agent whose runs
   * @param chosen which of them, for people; empty if all
   * @param dropped how many were not recorded
   */
  record Head(String agent, String chosen, long dropped) {}

  /** Returns the page's text. */
  static String of(List<RecordedRun> runs, Head head) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("agent", Printable.text(head.agent()));
    data.put("written", Instant.now().toString());
    data.put("chosen", Printable.text(head.chosen()));
    data.put("dropped", head.dropped());
    List<Map<String, Object>> all = new ArrayList<>();
    RunsPage page = new RunsPage();
    // The newest first: if there is no room for all that was written, it is there for them.
    runs.reversed().forEach(run -> all.add(page.fields(run)));
    data.put("runs", all.reversed());
    String template = template();
    return template
        .replace("@style@", digest(template, "style"))
        .replace("@script@", digest(template, "script"))
        .replace("@data@", escaped(Json.write(data)));
  }

  /** Within an element, only what begins with {@code <} can end it. */
  private static String escaped(String json) {
    return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
  }

  private Map<String, Object> fields(RecordedRun run) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", Printable.text(run.event()));
    fields.put("event", Printable.text(run.name()));
    fields.put("source", Printable.text(run.source()));
    fields.put("began", run.began().toString());
    fields.put("outcome", Printable.text(run.outcome()));
    fields.put("code", run.code());
    fields.put("step", Printable.text(run.last()));
    fields.put("delivery", run.delivery());
    run.took().ifPresent(took -> fields.put("ms", milliseconds(took)));
    if (run.failed()) {
      fields.put("steps", run.steps().stream().map(this::fields).toList());
    }
    return fields;
  }

  private Map<String, Object> fields(RecordedStep step) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("step", Printable.text(step.name()));
    fields.put("ms", milliseconds(step.took()));
    fields.put("outcome", Printable.text(step.outcome()));
    fields.put("code", step.code());
    fields.put("signal", step.signal());
    fields.put("why", Printable.text(step.why()));
    fields.put("attempts", step.attempts());
    fields.put("cut", step.cut());
    if (step.output().length() <= left) {
      left -= step.output().length();
      fields.put("output", plain(step.output()));
    } else {
      fields.put("left", true);
    }
    return fields;
  }

  /** Returns lines without what a terminal would obey. */
  static String plain(String output) {
    return String.join(
        "\n",
        SEQUENCES
            .matcher(output)
            .replaceAll("")
            .lines()
            .map(line -> new String(Printable.bytes(line.getBytes(UTF_8)), UTF_8))
            .toList());
  }

  private static double milliseconds(Duration took) {
    return took.toNanos() / 1_000_000.0;
  }

  private static String template() {
    try (InputStream in =
        Objects.requireNonNull(RunsPage.class.getResourceAsStream(TEMPLATE), TEMPLATE)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what the browser knows the template's own style or script by. */
  private static String digest(String template, String element) {
    String start = "<" + element + ">";
    int from = template.indexOf(start) + start.length();
    String content = template.substring(from, template.indexOf("</" + element + ">", from));
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each Java has SHA-256", e);
    }
  }
}
