package org.nethserver.events.distribution.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.RedisServer;
import org.nethserver.events.redis.testing.StallingProxy;

/**
 * Recorders of the built image on a real Redis, to which one of them loses its connection in ways
 * that only something in between can do. The long form: {@code -Drecorder.cuts=30}.
 */
final class RecorderConnectionIT {
  private static final int CUTS = Integer.getInteger("recorder.cuts", 2);

  /** A silence is noticed after 14 s; then it begins anew. */
  private static final Duration NOTICED = Duration.ofSeconds(20);

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String LOST = "Not recording";

  @TempDir private Path logs;
  private final List<StallingProxy> proxies = new ArrayList<>();
  private RecorderStage stage;

  @BeforeEach
  void open() {
    stage = new RecorderStage(RedisServer.start("--appendonly", "yes"), logs);
  }

  @AfterEach
  void close() throws IOException {
    stage.close();
    for (StallingProxy proxy : proxies) {
      proxy.close();
    }
  }

  private StallingProxy proxy() throws IOException {
    StallingProxy proxy = new StallingProxy(stage.redis.port());
    proxies.add(proxy);
    return proxy;
  }

  private ImageRecorder startBehind(StallingProxy proxy) throws IOException {
    return stage.startAt(proxy.uri().getAuthority());
  }

  /** Both ends take the connection for alive, and hear nothing of each other. */
  @Test
  void halfOpenConnectionIsNoticedAndLeft() throws IOException, InterruptedException {
    StallingProxy proxy = proxy();
    ImageRecorder far = startBehind(proxy);
    ImageRecorder near = stage.start();
    stage.publish();

    proxy.stall();
    stage.publishUntil("the dead connection is noticed", NOTICED, () -> far.said(LOST) > 0);
    stage.publishUntil("it records again", LIMIT, () -> far.recordings() > 1);
    stage.assertKept();

    // By what it has begun anew it goes on alone.
    near.kill();
    stage.publish();
    stage.assertKept();
  }

  /** Redis has done what was asked, and the recorder cannot know. */
  @Test
  void connectionCutBeforeAReplyLosesAndDoublesNothing() throws IOException, InterruptedException {
    List<StallingProxy> before = List.of(proxy(), proxy());
    List<ImageRecorder> recorders = List.of(startBehind(before.get(0)), startBehind(before.get(1)));
    for (int cut = 0; cut < CUTS; cut++) {
      int number = stage.random.nextInt(recorders.size());
      ImageRecorder victim = recorders.get(number);
      long lost = victim.said(LOST);
      long recordings = victim.recordings();
      before.get(number).cutBefore("$8\r\nappended\r\n");
      stage.publishUntil("the connection is cut", LIMIT, () -> victim.said(LOST) > lost);
      // The other is not cut before this one is in step again: alone, none can promise anything.
      stage.publishUntil("it records again", LIMIT, () -> victim.recordings() > recordings);
    }
    stage.assertKept();
  }
}
