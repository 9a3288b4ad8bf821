package org.nethserver.events.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Runs the agent of an image once through its day, so that the JVM writes down in a cache what it
 * loaded and linked: the next one starts from there.
 */
final class Training {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Image image;
  private final Path redisServer;
  private final Path directory;

  Training(Image image, Path redisServer, Path directory) {
    this.image = image;
    this.redisServer = redisServer;
    this.directory = directory;
  }

  void run() throws IOException, InterruptedException {
    Build.delete(directory);
    Path done = directory.resolve("done");
    step("training-begun/10first", "cat");
    step("training-begun/20second", "echo \"<4>$AGENT_EVENT_NAME\" >&2");
    step("training-failed/10fails", "exit 3");
    step("training-ended/10last", "touch '" + done + "'");
    Files.createFile(directory.resolve("events/training-begun/30skipped"));
    step("user-created/10first", "true");
    Path log = directory.resolve("agent.log");
    try (PrivateRedis redis = PrivateRedis.start(redisServer, directory)) {
      Process agent = start(redis, log);
      try {
        await(agent, log, () -> redis.publish("cluster/event/nobody-listened", "{}") > 0);
        redis.publish("cluster/event/training-begun", "{\"a\":\"b\"}");
        redis.publish("module/a1/event/user-created", "{}");
        redis.publish("module/a1/event/training-failed", "{}");
        redis.publish("cluster/event/.refused", "{}");
        redis.publish("cluster/event/training-ended", "{}");
        await(agent, log, () -> Files.exists(done));
        new ProcessBuilder("kill", "-USR1", Long.toString(agent.pid())).start().waitFor();
        if (!agent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || agent.exitValue() != 0) {
          throw failure("did not end with 0", log);
        }
      } finally {
        agent.destroyForcibly();
      }
    }
    if (!image.complete()) {
      throw failure("wrote no cache", log);
    }
  }

  private Process start(PrivateRedis redis, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            image.java().toString(),
            "@" + image.options(),
            "-XX:AOTCacheOutput=" + image.cache(),
            "-m",
            "org.nethserver.events.agent/org.nethserver.events.agent.Main",
            "agent",
            "--agentid=training",
            "--pluginsdir=" + image.demo(),
            "--eventsdir=" + directory.resolve("events"));
    builder.directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("REDIS_") || name.contains("NOTIFY"));
    builder.environment().put("REDIS_ADDRESS", redis.address());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return builder.start();
  }

  private void step(String name, String script) throws IOException {
    Path file = directory.resolve("events").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private interface Condition {
    boolean met() throws IOException;
  }

  private static void await(Process agent, Path log, Condition condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.met()) {
      if (!agent.isAlive() || System.nanoTime() > deadline) {
        throw failure("did not do its work", log);
      }
      Thread.sleep(20);
    }
  }

  private static IOException failure(String what, Path log) throws IOException {
    return new IOException(
        "The agent in training " + what + "; it said:\n" + Files.readString(log));
  }
}
