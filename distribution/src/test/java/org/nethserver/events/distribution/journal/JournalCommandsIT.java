package org.nethserver.events.distribution.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisServer;

/** What people type about the journal, on the built image. */
@ExtendWith(RedisExtension.class)
final class JournalCommandsIT {
  private static final int TERMINATED = 143;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final List<String> EVENT =
      List.of("module/samba1", "user-domain-changed", "{\"node_id\":1,\"domains\":[]}", "--raw");

  @TempDir private Path directory;
  private Process recorder;

  @AfterEach
  void close() {
    if (recorder != null) {
      recorder.destroyForcibly();
    }
  }

  private record Said(int code, String out, String err) {}

  private static ProcessBuilder command(RedisServer redis, Stream<String> arguments) {
    Path image =
        Path.of(System.getProperty("events.image", "../distribution/target/events"))
            .toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of(image.resolve("bin/events").toString()), arguments).toList());
    builder.environment().put("REDIS_ADDRESS", "127.0.0.1:" + redis.port());
    return builder;
  }

  private Said run(RedisServer redis, Stream<String> arguments)
      throws IOException, InterruptedException {
    Path err = directory.resolve("err");
    Process process = command(redis, arguments).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return new Said(process.exitValue(), out, Files.readString(err));
  }

  private Said run(RedisServer redis, String... arguments)
      throws IOException, InterruptedException {
    return run(redis, Stream.of(arguments));
  }

  private static Stream<String> publish(String... more) {
    return Stream.concat(Stream.concat(Stream.of("publish"), EVENT.stream()), Stream.of(more));
  }

  private Path record(RedisServer redis) throws IOException {
    Path log = directory.resolve("log");
    recorder =
        command(redis, Stream.of("recorder"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Eventually.await(
        "it records", LIMIT, () -> Files.readString(log).contains("Recording to cluster/events"));
    return log;
  }

  @Test
  void recordedEventsAreShown(RedisServer redis) throws IOException, InterruptedException {
    Path log = record(redis);
    Said confirmed = run(redis, publish("--confirm"));
    assertEquals(0, confirmed.code(), confirmed.toString());
    String id = confirmed.out().lines().toList().getLast().replace("Recorded as ", "");
    assertTrue(id.matches("[0-9a-f]{32}-1"), confirmed.out());

    List<String> lines = run(redis, "journal").out().lines().toList();
    assertEquals(2, lines.size(), lines.toString());
    assertTrue(lines.get(0).contains("-- gap:"), lines.toString());
    assertTrue(
        lines.get(1).endsWith(id + "  module/samba1/event/user-domain-changed  " + EVENT.get(2)),
        lines.toString());
    assertEquals(lines.getLast() + "\n", run(redis, "journal", "--last=1").out());
    assertTrue(run(redis, "journal", "--since=1h", "user-*").out().endsWith(lines.get(1) + "\n"));
    String json = run(redis, "journal", "--json", "-n1").out();
    assertTrue(json.contains("\"id\":\"" + id + "\""), json);
    assertTrue(json.contains("\"payload\":{\"node_id\":1,\"domains\":[]}"), json);

    recorder.destroy();
    assertTrue(recorder.waitFor(10, TimeUnit.SECONDS));
    assertEquals(TERMINATED, recorder.exitValue());
    assertTrue(Files.readString(log).contains("Stopped recording"), Files.readString(log));
  }

  @Test
  void whatIsNotRecordedIsNotConfirmed(RedisServer redis) throws IOException, InterruptedException {
    Said sent = run(redis, publish("--confirm"));
    assertEquals(1, sent.code());
    assertTrue(sent.err().startsWith("Sent, and not recorded within 10 s"), sent.err());
  }

  @Test
  void withoutRecorderItIsSaidThatThereIsNoJournal(RedisServer redis)
      throws IOException, InterruptedException {
    Said shown = run(redis, "journal");
    assertEquals(0, shown.code());
    assertEquals("", shown.out());
    assertTrue(shown.err().startsWith("There is no journal \"cluster/events\""), shown.err());
  }

  @Test
  void wrongAmountsAreNamed(RedisServer redis) throws IOException, InterruptedException {
    for (String wrong :
        List.of(
            "--max-age=0", "--max-age=x", "--max-bytes=1k", "--max-events=0", "--largest=1GiB")) {
      Said said = run(redis, "recorder", wrong);
      assertEquals(2, said.code(), said.toString());
      assertTrue(said.err().startsWith(wrong.replaceAll("=.*", ": ")), said.err());
    }
    Said since = run(redis, "journal", "--since=yesterday");
    assertEquals(2, since.code());
    assertTrue(since.err().startsWith("--since: \"yesterday\" is neither"), since.err());
  }

  /** As on NethServer 8: anybody may read what is below cluster/, at replicas too. */
  @Test
  void stockAclsSufficeForReaders(RedisServer redis) throws IOException, InterruptedException {
    record(redis);
    redis.command(
        "ACL", "SETUSER", "privileged", "on", ">secret", "allkeys", "allchannels", "+@all");
    assertEquals(0, run(redis, publish("--confirm")).code());
    redis.command(
        "ACL",
        "SETUSER",
        "default",
        "on",
        "nopass",
        "resetkeys",
        "%R~cluster/*",
        "%R~node/*",
        "%R~module/*",
        "resetchannels",
        "allchannels",
        "-@all",
        "+@read",
        "+@connection",
        "+subscribe",
        "+psubscribe");
    Said shown = run(redis, "journal", "-n1");
    assertEquals(0, shown.code(), shown.toString());
    assertTrue(shown.out().contains("user-domain-changed"), shown.toString());
  }
}
