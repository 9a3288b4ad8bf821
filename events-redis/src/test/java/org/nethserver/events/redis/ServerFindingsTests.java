package org.nethserver.events.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Finding.Severity;

final class ServerFindingsTests {
  private static final String NTP = "set both by NTP: chronyd, or timedatectl set-ntp true";

  private static ServerFindings with(String... words) {
    Map<String, String> info = new HashMap<>();
    for (int i = 0; i < words.length; i += 2) {
      info.put(words[i], words[i + 1]);
    }
    return new ServerFindings(info);
  }

  @ParameterizedTest
  @CsvSource({
    "-2000, OK",
    "2000, OK",
    "2001, WARNING",
    "-60000, WARNING",
    "60001, PROBLEM",
    "-61000, PROBLEM"
  })
  void clocksMayDifferBySoMuch(long milliseconds, Severity severity) {
    assertEquals(severity, ServerFindings.clock(Duration.ofMillis(milliseconds)).severity());
  }

  @Test
  void skewSaysWhichClockIsAhead() {
    assertEquals(
        Finding.problem("clock", "the server's clock is 90 s ahead of this machine's", NTP),
        ServerFindings.clock(Duration.ofSeconds(90)));
    assertEquals(
        Finding.warning("clock", "the server's clock is 5 s behind this machine's", NTP),
        ServerFindings.clock(Duration.ofSeconds(-5)));
  }

  @Test
  void oldVersionIsAWarning() {
    assertEquals(
        Finding.warning(
            "version",
            "Redis 5.0.14, which is older than what this agent was made for",
            "update it to Redis 6 or later"),
        with("redis_version", "5.0.14").version());
    assertEquals(Severity.OK, with("redis_version", "7.0.15").version().severity());
    assertEquals(Severity.OK, with("redis_version", "10.1").version().severity());
  }

  @Test
  void replicaThatHearsNothingIsAWarning() {
    assertEquals(
        Finding.warning(
            "role",
            "a replica that has heard nothing of its primary p:1 for 16 s",
            "see that the primary answers, and what the network between both loses"),
        with(
                "role",
                "slave",
                "master_host",
                "p",
                "master_port",
                "1",
                "master_link_status",
                "up",
                "master_last_io_seconds_ago",
                "16")
            .role());
  }

  @Test
  void settingsOfAReplicaAreWorthANoteAlone() {
    ServerFindings replica =
        with(
            "role",
            "slave",
            "master_host",
            "p",
            "master_port",
            "1",
            "maxmemory",
            "1048576",
            "maxmemory_policy",
            "allkeys-lru",
            "aof_enabled",
            "0");
    assertEquals(Severity.NOTE, replica.memory().severity());
    assertEquals(
        List.of(
            new Finding(
                "aof",
                Severity.NOTE,
                "this replica has appendonly no: a Redis that ends forgets what the journal got"
                    + " since its last snapshot",
                "ask the primary, whose settings count: events doctor --redis=redis://p:1")),
        replica.persistence());
  }

  @Test
  void fullMemoryIsAWarning() {
    assertEquals(
        Finding.warning(
            "memory",
            "95 MiB of maxmemory 100 MiB are used: recorders cannot write when it is full",
            "raise maxmemory, or keep less: events recorder --max-bytes"),
        with(
                "maxmemory",
                "" + (100L << 20),
                "maxmemory_policy",
                "noeviction",
                "used_memory",
                "" + (95L << 20))
            .memory());
  }

  /** Keys of the journal never expire. */
  @Test
  void evictionOfExpiringKeysIsNoThreat() {
    assertEquals(
        Finding.ok("memory", "maxmemory 100 MiB with volatile-lru"),
        with("maxmemory", "" + (100L << 20), "maxmemory_policy", "volatile-lru").memory());
  }

  @Test
  void failedWritesAreAProblem() {
    assertEquals(
        List.of(
            Finding.ok("aof", "appendonly yes"),
            Finding.problem(
                "disk",
                "Redis failed to write to its disk, and refuses what recorders write",
                "make room on its disk; its log says what failed")),
        with("aof_enabled", "1", "aof_last_write_status", "err").persistence());
  }

  @Test
  void buffersWithoutALimitAreWell() {
    assertEquals(
        Finding.ok("buffers", "client-output-buffer-limit pubsub is not limited"),
        ServerFindings.buffers("normal 0 0 0 slave 1 1 1 pubsub 0 0 0"));
    assertEquals(Severity.NOTE, ServerFindings.buffers("").severity());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "2, 1", "3, 1", "4, 2", "5, 2", "6, 2"})
  void markersTellHowManyRecordersThereAre(int markers, int recorders) {
    assertEquals(recorders, Listening.recorders(markers));
  }

  @ParameterizedTest
  @CsvSource({
    "connection timed out, see that the host is up and that no firewall drops what is sent to h:1",
    "the server is loading its data, wait: the agent connects by itself once it is done",
    "the server has reached its maxclients, 'look for who holds so many (CLIENT LIST), or run"
        + " CONFIG SET maxclients N'",
    "permission denied, 'let this user into the socket''s directory and write to the socket:"
        + " unixsocketperm in redis.conf'"
  })
  void eachDiagnosisHasItsCure(String why, String cure) {
    assertEquals(cure, Cure.of(why, "h:1", "me"));
  }
}
