package org.nethserver.events.agent.metrics;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of a request; what follows it is nobody's concern.
 *
 * @param method such as {@code GET}
 * @param path without its query
 * @param accept the value of the header of this name, or an empty text
 */
record HttpRequest(String method, String path, String accept) {
  /** How long a head may be. */
  static final int MAX_BYTES = 8192;

  private static final String ACCEPT = "accept:";

  /** What came is no request. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient HttpResponse response;

    Malformed(HttpResponse response) {
      super(null, null, false, false);
      this.response = response;
    }

    HttpResponse response() {
      return response;
    }
  }

  /**
   * Reads what has come.
   *
   * @param bytes from the first that came up to the position; at most {@link #MAX_BYTES} have room
   * @return the request; empty while it is not whole
   */
  static Optional<HttpRequest> read(ByteBuffer bytes) throws Malformed {
    // One byte, one character: nothing is lost, and nothing is longer than it was.
    String text = StandardCharsets.ISO_8859_1.decode(bytes.duplicate().flip()).toString();
    if (!text.isEmpty() && (text.charAt(0) < 'A' || text.charAt(0) > 'Z')) {
      throw new Malformed(HttpResponse.text(400, "this is no request of HTTP"));
    }
    String lines = text.replace("\r\n", "\n");
    int end = lines.indexOf("\n\n");
    if (end < 0) {
      if (!bytes.hasRemaining()) {
        throw new Malformed(
            HttpResponse.text(431, "the request is longer than " + MAX_BYTES + " bytes"));
      }
      return Optional.empty();
    }
    return Optional.of(parse(lines.substring(0, end).lines().toList()));
  }

  private static HttpRequest parse(List<String> lines) throws Malformed {
    String[] words = lines.getFirst().split(" ", -1);
    if (words.length != 3 || !words[2].startsWith("HTTP/")) {
      throw new Malformed(HttpResponse.text(400, "this is no request of HTTP"));
    }
    if (!words[2].startsWith("HTTP/1.")) {
      throw new Malformed(HttpResponse.text(505, "HTTP/1.1 and 1.0 are spoken here"));
    }
    String accept =
        lines.stream()
            .skip(1)
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(ACCEPT))
            .map(line -> line.substring(ACCEPT.length()).strip())
            .findFirst()
            .orElse("");
    int query = words[1].indexOf('?');
    return new HttpRequest(words[0], query < 0 ? words[1] : words[1].substring(0, query), accept);
  }
}
