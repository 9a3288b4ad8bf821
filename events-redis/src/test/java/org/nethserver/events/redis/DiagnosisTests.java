package org.nethserver.events.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nethserver.events.redis.Diagnosis.Kind;

/** What the tests on a real server do not come by. */
final class DiagnosisTests {
  private static Diagnosis of(Throwable cause) {
    return Diagnosis.of(
        new CompletionException(new RedisConnectionException("Unable to connect", cause)), "agent");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LOADING Redis is loading the dataset in memory | ABSENT | the server is loading its data",
        "ERR max number of clients reached | ABSENT | the server has reached its maxclients",
        "MASTERDOWN Link with MASTER is down | ABSENT | the replica has lost its primary",
        "NOPERM no permission for x | REFUSED | user \"agent\" lacks a permission: NOPERM no",
        "ERR something new | REFUSED | the server says: ERR something new",
      })
  void errorRepliesAreExplained(String reply, Kind kind, String why) {
    Diagnosis diagnosis = of(new RedisCommandExecutionException(reply));
    assertEquals(kind, diagnosis.kind());
    assertEquals(true, diagnosis.why().startsWith(why), diagnosis.why());
  }

  @Test
  void protectedModeIsExplainedWithItsCure() {
    assertEquals(
        Diagnosis.refused(
            "the server is in protected mode; bind it to an address or set a password"),
        of(new RedisException("DENIED Redis is running in protected mode because …")));
  }

  @Test
  void exceptionsWithoutAMessageAreNotShownByTheirClass() {
    assertEquals(Diagnosis.absent("connection closed"), of(new ClosedChannelException()));
    assertEquals(
        Diagnosis.absent("the server's answer is not understood; is it a Redis?"),
        of(new IllegalStateException()));
  }

  @Test
  void addressesAtTheEndAreCutOff() {
    assertEquals(
        Diagnosis.absent("no route to host"),
        of(new NoRouteToHostException("No route to host: /10.0.0.9:6379")));
  }

  @Test
  void reasonIsOneShortLine() {
    String why = of(new IOException("a\nb\u001b[31m" + "x".repeat(500))).why();
    assertFalse(why.contains("\n") || why.contains("\u001b"));
    assertEquals(201, why.length());
  }

  @Test
  void exhaustedMemoryIsTold() {
    assertEquals(
        Diagnosis.absent("a message does not fit into the memory"),
        of(new OutOfMemoryError("Java heap space")));
  }
}
