package org.nethserver.events.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Why it does not work, for an administrator.
 *
 * @param kind whether anybody answered
 * @param why the reason and, where there is one, the cure, in one line
 */
record Diagnosis(Kind kind, String why) {
  /** What decides how soon to try again. */
  enum Kind {
    /** Nobody answered, or not as a Redis does. */
    ABSENT,
    /** The server answered no, and will until somebody changes something. */
    REFUSED
  }

  static Diagnosis absent(String why) {
    return new Diagnosis(Kind.ABSENT, why);
  }

  static Diagnosis refused(String why) {
    return new Diagnosis(Kind.REFUSED, why);
  }

  /**
   * Finds the reason in what Lettuce, Netty and the JDK report: the innermost cause that is known.
   *
   * @param failure what was reported
   * @param user the user that was to be logged in
   */
  static Diagnosis of(Throwable failure, String user) {
    Throwable last = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      last = cause;
      if (cause instanceof RedisCommandExecutionException) {
        return ofReply(text(cause), user);
      }
      if (cause instanceof SslHandshakeTimeoutException) {
        return absent("TLS: the server does not answer; does it speak TLS on this port?");
      }
      if (cause instanceof SSLException) {
        return refused(TlsDiagnosis.of(cause));
      }
    }
    return ofInnermost(last, user);
  }

  private static Diagnosis ofInnermost(Throwable cause, String user) {
    String text = text(cause);
    return switch (cause) {
      case Heartbeat.SilenceException _ ->
          absent("the server has fallen silent: no answer to PING");
      case ConnectTimeoutException _ -> absent("connection timed out");
      case TimeoutException _ -> absent("timed out");
      case UnknownHostException _ -> unknownHost(text);
      case IOException _ when text.contains("Connection refused") -> absent("connection refused");
      case SocketException _ when text.contains("No such file") -> absent("no such socket");
      case IOException _ -> absent(text.isEmpty() ? "connection closed" : plain(text));
      case RedisCommandTimeoutException _ -> absent("the server does not answer: timed out");
      case RedisConnectionException _ when text.startsWith("Cannot provide") ->
          refused("the sentinels know no such primary; check the name after the #");
      case RedisException _ when text.startsWith("Connection ") ->
          absent("connection closed by the server");
      case RedisException _ when text.startsWith("Currently not connected") ->
          absent("connection closed by the server");
      case RedisException _ when text.startsWith("DENIED") -> ofReply(text, user);
      case CertificateException _ -> refused("the ca-file holds no certificate");
      case OutOfMemoryError _ -> absent("a message does not fit into the memory");
      // What Lettuce throws at bytes that make no sense names its classes.
      default -> absent("the server's answer is not understood; is it a Redis?");
    };
  }

  private static Diagnosis unknownHost(String text) {
    return refused(
        text.startsWith("no answer")
            ? "host not looked up: no answer from the name server"
            : "host not found; check the address and the name server");
  }

  /** Explains an error reply; its first word is its code. */
  static Diagnosis ofReply(String reply, String user) {
    String code = reply.split(" ", 2)[0];
    return switch (code) {
      case "WRONGPASS" ->
          refused("wrong user or password for user \"" + user + "\", or the user is disabled");
      case "NOAUTH" -> refused("the server wants a user and a password; put them into the address");
      case "NOPERM" -> refused("user \"" + user + "\" lacks a permission: " + plain(reply));
      case "LOADING" -> absent("the server is loading its data");
      case "MASTERDOWN" -> absent("the replica has lost its primary");
      case "DENIED" ->
          refused("the server is in protected mode; bind it to an address or set a password");
      default ->
          reply.contains("max number of clients")
              ? absent("the server has reached its maxclients")
              : refused("the server says: " + plain(reply));
    };
  }

  private static String text(Throwable cause) {
    return cause.getMessage() == null ? "" : cause.getMessage();
  }

  /** One line, at most 200 characters, without the address that follows in Netty's messages. */
  static String plain(String text) {
    int address = text.indexOf(": /");
    String line = (address > 0 ? text.substring(0, address) : text).replaceAll("\\p{Cntrl}+", " ");
    line = line.length() > 200 ? line.substring(0, 200) + "…" : line;
    // "Connection reset" becomes part of a sentence; a reply's code in capitals stays.
    boolean sentence = line.length() > 1 && Character.isLowerCase(line.charAt(1));
    return sentence ? line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1) : line;
  }
}
