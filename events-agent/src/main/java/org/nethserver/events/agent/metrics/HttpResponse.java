package org.nethserver.events.agent.metrics;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is answered; the connection ends with it.
 *
 * @param status such as 200
 * @param type of the body
 * @param body the bytes
 */
record HttpResponse(int status, String type, byte[] body) {
  /** Makes a response of one sentence. */
  static HttpResponse text(int status, String sentence) {
    return new HttpResponse(
        status, "text/plain; charset=utf-8", (sentence + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns it as it is sent.
   *
   * @param whole false for the head alone
   */
  ByteBuffer bytes(boolean whole) {
    String head =
        "HTTP/1.1 "
            + status
            + " "
            + reason()
            + "\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length
            + (status == 405 ? "\r\nAllow: GET, HEAD" : "")
            + "\r\nConnection: close\r\n\r\n";
    byte[] first = head.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(first.length + (whole ? body.length : 0)).put(first);
    return (whole ? bytes.put(body) : bytes).flip();
  }

  private String reason() {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 431 -> "Request Header Fields Too Large";
      case 503 -> "Service Unavailable";
      case 505 -> "HTTP Version Not Supported";
      default -> "Internal Server Error";
    };
  }
}
