package org.nethserver.events.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class HttpServerTests {
  private static final String GET = "GET /page HTTP/1.1\r\nHost: here\r\n\r\n";

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final FakePage page = new FakePage();
  private final List<Socket> clients = new ArrayList<>();
  private ServerSocketChannel socket;
  private HttpServer server;

  /** Is ready at once, or when the test says so. */
  private static final class FakePage implements Page {
    private final List<Runnable> unready = new CopyOnWriteArrayList<>();
    private volatile boolean stuck;
    private volatile String body = "hello";
    private volatile boolean answered;

    @Override
    public void prepare(Runnable ready) {
      if (stuck) {
        unready.add(ready);
      } else {
        ready.run();
      }
    }

    @Override
    public HttpResponse answer(HttpRequest request) {
      HttpResponse response = HttpResponse.text(200, body + request.accept());
      answered = true;
      return response;
    }

    @Override
    public HttpResponse late() {
      return HttpResponse.text(503, "late");
    }
  }

  @BeforeEach
  void start() throws IOException {
    start(Duration.ofSeconds(10));
  }

  private void start(Duration limit) throws IOException {
    socket = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
    Map<String, Page> pages = new LinkedHashMap<>();
    pages.put("/page", page);
    pages.put("/other", page);
    server = new HttpServer(socket, pages, limit, PATIENCE);
    server.start();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    for (Socket client : clients) {
      client.close();
    }
  }

  private void restart(Duration limit) throws IOException {
    server.close();
    start(limit);
  }

  private Socket connect() throws IOException {
    Socket client = new Socket();
    client.connect(socket.getLocalAddress());
    client.setSoTimeout(30_000);
    clients.add(client);
    return client;
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String answer(Socket client) throws IOException {
    try (InputStream in = client.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String ask(String request) throws IOException {
    Socket client = connect();
    send(client, request);
    return answer(client);
  }

  @Test
  void pageIsAnsweredAndTheConnectionEnds() throws IOException {
    assertEquals(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 6\r\n"
            + "Connection: close\r\n\r\nhello\n",
        ask(GET));
  }

  @Test
  void headIsTheSameWithoutBody() throws IOException {
    String head = ask(GET.replace("GET", "HEAD"));
    assertTrue(head.contains("Content-Length: 6\r\n"), head);
    assertTrue(head.endsWith("\r\n\r\n"), head);
  }

  @ParameterizedTest
  @CsvSource({
    "GET /page?a=b HTTP/1.0, 200",
    "GET / HTTP/1.1, 404",
    "GET /../page HTTP/1.1, 404",
    "POST /page HTTP/1.1, 405",
    "BREW /nowhere HTTP/1.1, 405",
    "PRI * HTTP/2.0, 505",
    "GET  /page HTTP/1.1, 400",
    "GET /page, 400",
    "get /page HTTP/1.1, 400",
    "*, 400"
  })
  void statusSaysWhatIsWrong(String line, int status) throws IOException {
    String answer = ask(line + "\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
  }

  @Test
  void methodThatIsNotAnsweredIsToldWhichAre() throws IOException {
    String answer = ask("DELETE /page HTTP/1.1\r\n\r\n");
    assertTrue(answer.contains("\r\nAllow: GET, HEAD\r\n"), answer);
  }

  @Test
  void headOfARequestMayComeInPieces() throws IOException {
    Socket client = connect();
    for (char each : "GET /page HTTP/1.1\nAccept: !\n\n".toCharArray()) {
      send(client, String.valueOf(each));
      client.getOutputStream().flush();
    }
    assertTrue(answer(client).endsWith("\r\n\r\nhello!\n"));
  }

  @Test
  void requestWithoutEndIsRefusedAndItsAnswerArrives() throws IOException {
    Socket client = connect();
    // More than the buffers between take: what is not read must not take the answer along.
    send(client, "GET /" + "x".repeat(8 * 1024 * 1024));
    String answer = answer(client);
    assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
  }

  @Test
  void garbageIsRefusedAtItsFirstByte() throws IOException {
    String answer = ask("\u0016\u0003\u0001");
    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
  }

  @Test
  void whoIsTooSlowIsCutOff() throws IOException {
    restart(Duration.ofMillis(200));
    Socket silent = connect();
    Socket slow = connect();
    send(slow, "GET /pa");
    assertTrue(answer(silent).startsWith("HTTP/1.1 408 "));
    assertTrue(answer(slow).startsWith("HTTP/1.1 408 "));
  }

  @Test
  void whoTakesNoAnswerIsCutOffAndDelaysNobody() throws IOException {
    restart(Duration.ofMillis(500));
    // More than the buffers between take.
    page.body = "x".repeat(32 * 1024 * 1024);
    Socket deaf = connect();
    deaf.setReceiveBufferSize(4096);
    send(deaf, GET);
    while (!page.answered) {
      Thread.onSpinWait();
    }
    page.body = "hello";
    assertTrue(ask(GET).endsWith("hello\n"));
    assertThrows(
        IOException.class,
        () -> {
          while (true) {
            send(deaf, "x"); // until the server has gone
          }
        });
  }

  @Test
  void crowdOfSilentClientsKeepsNobodyOut() throws IOException {
    for (int i = 0; i < 100; i++) {
      connect();
    }
    assertTrue(ask(GET).endsWith("hello\n"));
    assertEquals("", answer(clients.getFirst()), "the oldest gave way");
  }

  @Test
  void pageThatIsNotReadyInTimeIsLateAndIsAskedOnceForAll() throws IOException {
    page.stuck = true;
    List<Socket> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiting.add(connect());
      send(waiting.getLast(), GET);
    }
    long start = System.nanoTime();
    for (Socket client : waiting) {
      String answer = answer(client);
      assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
      assertTrue(answer.endsWith("\r\n\r\nlate\n"), answer);
    }
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(9).toNanos());
    assertTrue(page.unready.size() <= 2, () -> page.unready.size() + " questions");
    page.stuck = false;
    page.unready.getFirst().run();
    assertTrue(ask(GET).endsWith("hello\n"));
  }

  @Test
  void questionThatWasLostIsAskedAgain() throws IOException {
    page.stuck = true;
    assertTrue(ask(GET).startsWith("HTTP/1.1 503 "));
    page.stuck = false;
    page.unready.clear();
    assertTrue(ask(GET).endsWith("hello\n"));
  }

  @Test
  void clientThatLeavesMeanwhileHarmsNobody() throws IOException {
    page.stuck = true;
    Socket client = connect();
    send(client, GET);
    Socket other = connect();
    send(other, GET);
    client.setSoLinger(true, 0);
    client.close();
    while (page.unready.isEmpty()) {
      Thread.onSpinWait();
    }
    page.stuck = false;
    page.unready.getFirst().run();
    assertTrue(answer(other).endsWith("hello\n"));
    assertTrue(ask(GET).endsWith("hello\n"));
  }

  @Test
  void nothingListensAfterTheEndWhichMayBeToldTwice() throws IOException {
    server.close();
    server.close();
    assertFalse(socket.isOpen());
  }
}
