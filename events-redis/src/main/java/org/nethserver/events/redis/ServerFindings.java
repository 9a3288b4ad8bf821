package org.nethserver.events.redis;

import static org.nethserver.events.api.spi.Finding.note;
import static org.nethserver.events.api.spi.Finding.ok;
import static org.nethserver.events.api.spi.Finding.problem;
import static org.nethserver.events.api.spi.Finding.warning;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nethserver.events.api.spi.Finding;

/** What a server says of itself by {@code INFO} and {@code TIME}, and what that means. */
final class ServerFindings {
  /** Since then there are users with rights, which all messages speak of. */
  private static final int OLDEST = 6;

  private static final Duration SLOW_LINK = Duration.ofSeconds(15);
  private static final Duration SKEW = Duration.ofSeconds(2);
  private static final Duration WRONG_TIME = Duration.ofMinutes(1);

  /** What a subscriber must be able to lag behind: the largest burst that publishers are for. */
  private static final long SMALLEST_BUFFER = 8L << 20;

  private final Map<String, String> info;

  ServerFindings(Map<String, String> info) {
    this.info = info;
  }

  private String value(String key) {
    return info.getOrDefault(key, "");
  }

  private long number(String key) {
    return number(value(key), 0);
  }

  private static long number(String text, long otherwise) {
    return text.matches("-?\\d{1,18}") ? Long.parseLong(text) : otherwise;
  }

  private boolean isReplica() {
    return value("role").equals("slave");
  }

  Finding version() {
    String version = value("redis_version");
    return number(version.replaceFirst("\\..*", ""), OLDEST) < OLDEST
        ? warning(
            "version",
            "Redis " + version + ", which is older than what this agent was made for",
            "update it to Redis 6 or later")
        : ok("version", "Redis " + version);
  }

  Finding role() {
    if (!isReplica()) {
      return ok(
          "role",
          "a primary"
              + (number("connected_slaves") > 0
                  ? " with " + number("connected_slaves") + " replicas"
                  : ""));
    }
    String primary = value("master_host") + ":" + value("master_port");
    if (!value("master_link_status").equals("up")) {
      return problem(
          "role",
          "a replica whose link to its primary "
              + primary
              + " is down: what is published there is not heard here",
          "look into this server's log; see that the primary runs, and that masteruser and"
              + " masterauth are right");
    }
    long silence = number("master_last_io_seconds_ago");
    return silence > SLOW_LINK.toSeconds()
        ? warning(
            "role",
            "a replica that has heard nothing of its primary " + primary + " for " + silence + " s",
            "see that the primary answers, and what the network between both loses")
        : ok("role", "a replica of " + primary + ", whose link is up");
  }

  /** What becomes of the journal when memory is short. */
  Finding memory() {
    String policy = value("maxmemory_policy");
    long limit = number("maxmemory");
    if (limit == 0) {
      return ok("memory", "no maxmemory: nothing is evicted");
    }
    if (policy.startsWith("allkeys")) {
      return ofPrimary(
          problem(
              "memory",
              "maxmemory-policy "
                  + policy
                  + ": Redis may throw the journal away when it has used its maxmemory of "
                  + mebibytes(limit),
              "run CONFIG SET maxmemory-policy noeviction, and set it in redis.conf"));
    }
    long used = number("used_memory");
    return used > limit / 10 * 9
        ? ofPrimary(
            warning(
                "memory",
                mebibytes(used)
                    + " of maxmemory "
                    + mebibytes(limit)
                    + " are used: recorders cannot write when it is full",
                "raise maxmemory, or keep less: events recorder --max-bytes"))
        : ok("memory", "maxmemory " + mebibytes(limit) + " with " + policy);
  }

  private static String mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1 >> 20) + " MiB";
  }

  /** Whether the journal outlives the server's process. */
  List<Finding> persistence() {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        number("aof_enabled") == 1
            ? ok("aof", "appendonly yes")
            : ofPrimary(
                warning(
                    "aof",
                    "appendonly no: a Redis that ends forgets what the journal got since its last"
                        + " snapshot",
                    "run CONFIG SET appendonly yes, and set it in redis.conf")));
    if (value("aof_last_write_status").equals("err")
        || value("rdb_last_bgsave_status").equals("err")) {
      findings.add(
          problem(
              "disk",
              "Redis failed to write to its disk, and refuses what recorders write",
              "make room on its disk; its log says what failed"));
    }
    return findings;
  }

  /** What is written is written by the primary: at a replica its settings say little. */
  private Finding ofPrimary(Finding finding) {
    return isReplica()
        ? new Finding(
            finding.name(),
            Finding.Severity.NOTE,
            "this replica has " + finding.what(),
            "ask the primary, whose settings count: events doctor --redis=redis://"
                + value("master_host")
                + ":"
                + value("master_port"))
        : finding;
  }

  /**
   * Compares clocks.
   *
   * @param ahead how much the server's is ahead of ours; negative if it is behind
   */
  static Finding clock(Duration ahead) {
    Duration skew = ahead.abs();
    if (skew.compareTo(SKEW) <= 0) {
      return ok("clock", "the server's clock and this machine's agree");
    }
    String what =
        "the server's clock is %d s %s this machine's"
            .formatted(skew.toSeconds(), ahead.isNegative() ? "behind" : "ahead of");
    String cure = "set both by NTP: chronyd, or timedatectl set-ntp true";
    return skew.compareTo(WRONG_TIME) > 0
        ? problem("clock", what, cure)
        : warning("clock", what, cure);
  }

  /**
   * Says whether a burst of events would end the subscription.
   *
   * @param setting {@code client-output-buffer-limit}: class, hard and soft limit, seconds, again
   */
  static Finding buffers(String setting) {
    String[] words = setting.split(" ", -1);
    for (int i = 0; i + 3 < words.length; i++) {
      if (words[i].equals("pubsub")) {
        long hard = number(words[i + 1], 0);
        return hard > 0 && hard < SMALLEST_BUFFER
            ? warning(
                "buffers",
                "client-output-buffer-limit pubsub is %s: Redis drops whoever lags behind a burst"
                        .formatted(hard)
                    + " of events by that many bytes",
                "run CONFIG SET client-output-buffer-limit \"pubsub 33554432 8388608 60\", and set"
                    + " it in redis.conf")
            : ok("buffers", "client-output-buffer-limit pubsub %s".formatted(limit(hard)));
      }
    }
    return note("buffers", "not known: the server tells no client-output-buffer-limit");
  }

  private static String limit(long hard) {
    return hard == 0 ? "is not limited" : "is " + mebibytes(hard);
  }

  /**
   * Says whether what is published is recorded.
   *
   * @param count how many recorders were heard
   */
  static Finding recorders(int count) {
    String start = "run systemctl enable --now events-recorder@1 events-recorder@2";
    return switch (count) {
      case 0 ->
          warning(
              "recorders",
              "no recorder is there: what agents miss from now on is lost",
              start + " on the primary's machine");
      case 1 ->
          warning(
              "recorders",
              "one recorder alone: what is published while it is away is lost",
              start + ", of which one runs already");
      default -> ok("recorders", count + " recorders");
    };
  }
}
