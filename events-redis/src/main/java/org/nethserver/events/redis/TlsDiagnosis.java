package org.nethserver.events.redis;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/** Why TLS did not come about, from the layers of exceptions that the JDK wraps it in. */
final class TlsDiagnosis {
  private TlsDiagnosis() {}

  static String of(Throwable failure) {
    String text = "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      text = cause.getMessage() == null ? text : cause.getMessage();
      if (cause instanceof NotSslRecordException) {
        return "the server does not speak TLS there; use redis:// or its TLS port";
      }
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return "TLS: the server's certificate is not valid today: " + Diagnosis.plain(text);
      }
    }
    if (text.contains("unable to find valid certification path")
        || text.contains("No trusted certificate")
        || text.contains("trustAnchors")) {
      return "TLS: the server's certificate is not trusted: its authority is unknown;"
          + " name it with ?ca-file=/path/ca.pem";
    }
    if (text.contains("subject alternative") || text.contains("No name matching")) {
      return "TLS: the server's certificate is for another host: " + Diagnosis.plain(text);
    }
    return "TLS: " + Diagnosis.plain(text);
  }
}
