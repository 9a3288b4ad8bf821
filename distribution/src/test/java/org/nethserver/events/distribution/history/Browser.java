package org.nethserver.events.distribution.history;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.nethserver.events.agent.json.JsonText;
import org.nethserver.events.redis.testing.Eventually;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium with one page, led by the DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> replies = new ConcurrentHashMap<>();
  private final List<JsonNode> told = new CopyOnWriteArrayList<>();

  /** Starts one with a profile of its own. */
  Browser(Path program, Path profile) throws IOException {
    process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolveSibling("browser.log").toFile())
            .start();
    Path port = profile.resolve("DevToolsActivePort");
    Eventually.await(
        "the browser listens", LIMIT, () -> Files.exists(port) && Files.size(port) > 10);
    String address = "http://127.0.0.1:" + Files.readAllLines(port).getFirst() + "/json/list";
    JsonNode page = page(URI.create(address));
    socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create(page.path("webSocketDebuggerUrl").stringValue()), new Incoming())
            .join();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** Returns where it is installed. */
  static Optional<Path> installed() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .flatMap(
            directory -> Stream.of("chromium", "chromium-browser").map(Path.of(directory)::resolve))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private JsonNode page(URI list) throws IOException {
    try {
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString());
      for (JsonNode target : JSON.readTree(answer.body())) {
        if (target.path("type").asString("").equals("page")) {
          return target;
        }
      }
      throw new IOException("the browser has no page: " + answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private final class Incoming implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        JsonNode message =
            JsonText.read(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)))
                .root()
                .orElseThrow();
        text.setLength(0);
        if (message.has("id")) {
          replies.remove(message.path("id").intValue()).complete(message);
        } else {
          told.add(message);
        }
      }
      from.request(1);
      return null;
    }
  }

  /** Calls a method of the protocol, and returns its result. */
  JsonNode call(String method, Map<String, Object> parameters) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> reply = new CompletableFuture<>();
    replies.put(id, reply);
    socket
        .sendText(
            JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
        .join();
    JsonNode answer = reply.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    if (answer.has("error")) {
      throw new AssertionError(method + ": " + answer);
    }
    return answer.path("result");
  }

  /** Returns the parameters of all that the browser has told of this name. */
  List<JsonNode> told(String name) {
    List<JsonNode> all = new ArrayList<>();
    for (JsonNode message : told) {
      if (message.path("method").asString("").equals(name)) {
        all.add(message.path("params"));
      }
    }
    return all;
  }

  /** Goes to a page and waits until it is there. */
  void open(Path file) {
    told.clear();
    call("Page.navigate", Map.of("url", file.toUri().toString()));
    Eventually.await("the page is there", LIMIT, () -> !told("Page.loadEventFired").isEmpty());
  }

  /** Returns what an expression is. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result);
    }
    return result.path("result").path("value");
  }

  void size(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Prefers {@code light} or {@code dark}. */
  void scheme(String name) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", name))));
  }

  /** Clicks into the middle of an element, which is scrolled to. */
  void click(String selector) {
    JsonNode at =
        evaluate(
            "(() => { const e = document.querySelector('%s'); e.scrollIntoView({block: 'center'});"
                    .formatted(selector)
                + " const r = e.getBoundingClientRect();"
                + " return {x: r.x + Math.min(r.width / 2, 40), y: r.y + r.height / 2}; })()");
    for (String type : List.of("mousePressed", "mouseReleased")) {
      mouse(type, at.path("x").doubleValue(), at.path("y").doubleValue());
    }
  }

  void mouse(String type, double x, double y) {
    call(
        "Input.dispatchMouseEvent",
        Map.of("type", type, "x", x, "y", y, "button", "left", "clickCount", 1));
  }

  void press(String key, int code) {
    for (String type : List.of("keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
    }
  }

  /** Returns what is to be seen, which is kept as a file as well. */
  BufferedImage screenshot(Path file) throws IOException {
    byte[] png =
        Base64.getDecoder()
            .decode(
                call("Page.captureScreenshot", Map.of("format", "png")).path("data").stringValue());
    Files.write(file, png);
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  @Override
  public void close() {
    socket.abort();
    client.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
