package org.nethserver.events.distribution.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an agent answered over HTTP.
 *
 * @param head status line and headers
 * @param body the rest
 */
record Scrape(String head, String body) {
  /** Asks for a page. */
  static Scrape get(SocketAddress address, String path, String... headers) {
    return send(
        address, "GET " + path + " HTTP/1.1\r\nHost: here\r\n" + String.join("", headers) + "\r\n");
  }

  /** Sends whatever it is, and reads to the end. */
  static Scrape send(SocketAddress address, String request) {
    try (SocketChannel channel = SocketChannel.open(address)) {
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      ByteBuffer some = ByteBuffer.allocate(65_536);
      while (channel.read(some) >= 0) {
        all.write(some.array(), 0, some.position());
        some.clear();
      }
      String answer = all.toString(StandardCharsets.UTF_8);
      int end = answer.indexOf("\r\n\r\n");
      return new Scrape(answer.substring(0, end), answer.substring(end + 4));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns where an agent says that its figures are. */
  static InetSocketAddress place(ContractAgent agent) {
    String line = agent.awaitLine("Metrics at http://");
    String port = line.replaceFirst(".*:(\\d+)/metrics$", "$1");
    return new InetSocketAddress("127.0.0.1", Integer.parseInt(port));
  }

  int status() {
    return Integer.parseInt(head.split(" ", -1)[1]);
  }

  /** Returns a figure; NaN if it is not there. */
  double value(String series) {
    return lines().stream()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  List<String> lines() {
    return body.lines().toList();
  }

  /** Returns the names of all metrics, as the lines of their types tell them. */
  TreeSet<String> names() {
    return lines().stream()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.split(" ", -1)[2])
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
