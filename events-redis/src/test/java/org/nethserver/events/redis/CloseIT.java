package org.nethserver.events.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RecordingSink;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisProbe;
import org.nethserver.events.redis.testing.RedisServer;

@ExtendWith(RedisExtension.class)
final class CloseIT {
  private static final Duration PROMISED = Duration.ofSeconds(1);
  private static final String CHANNEL = "cluster/event/thing-changed";

  private final RecordingSink sink = new RecordingSink();

  @Test
  void subscriptionAndThreadEnd(RedisServer redis) {
    RedisTransport transport = Transports.subscribe(redis.uri(), sink);
    sink.awaitSubscriptions(1);
    Thread[] loop = new Thread[1];
    transport.answer(() -> loop[0] = Thread.currentThread());
    Eventually.await("an answer", PROMISED, () -> loop[0] != null);
    assertTimeout(PROMISED, transport::close);
    Eventually.await("the thread ends", PROMISED, () -> !loop[0].isAlive());
    Eventually.await("the connection ends", PROMISED, () -> redis.subscribers().isEmpty());
    assertEquals(List.of(), sink.reasons());
  }

  @Test
  void sinkIsNotCalledAfterwards(RedisServer redis) throws IOException {
    AtomicInteger calls = new AtomicInteger();
    RedisTransport transport =
        Transports.subscribe(
            redis.uri(),
            new EventSink() {
              @Override
              public void received(byte[] channel, byte[] payload) {
                calls.incrementAndGet();
              }

              @Override
              public void subscribed() {
                sink.subscribed();
              }

              @Override
              public void unavailable(String why) {
                calls.incrementAndGet();
              }
            });
    sink.awaitSubscriptions(1);
    try (RedisProbe probe = redis.probe()) {
      Thread publisher =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (probe.publish(CHANNEL, "x") >= 0) {
                        // Until the test closes the probe.
                      }
                    } catch (IOException e) {
                      // Closed.
                    }
                  });
      Eventually.await("messages flow", Duration.ofSeconds(5), () -> calls.get() > 1_000);
      assertTimeout(PROMISED, transport::close);
      int atClose = calls.get();
      try (RedisProbe other = redis.probe()) {
        // By now the server has had time for many more.
        for (int i = 0; i < 200; i++) {
          other.publish(CHANNEL, "y");
        }
      }
      assertEquals(atClose, calls.get());
      assertTrue(publisher.isAlive());
    }
  }

  @Test
  void closesWhileNobodyAnswers(RedisServer redis) {
    redis.pause();
    try {
      RedisTransport transport = Transports.subscribe(redis.uri(), sink);
      assertTimeout(PROMISED, transport::close);
    } finally {
      redis.resume();
    }
  }

  @Test
  void closesWhileANameIsLookedUp() {
    RedisTransport transport =
        Transports.subscribe(URI.create("redis://no-such-host.invalid"), sink);
    assertTimeout(PROMISED, transport::close);
  }

  @Test
  void closesInSpiteOfASinkThatBlocks(RedisServer redis) {
    CountDownLatch end = new CountDownLatch(1);
    RedisTransport transport =
        Transports.subscribe(
            redis.uri(),
            new EventSink() {
              @Override
              public void received(byte[] channel, byte[] payload) {}

              @Override
              public void subscribed() {
                sink.subscribed();
                try {
                  end.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }

              @Override
              public void unavailable(String why) {}
            });
    sink.awaitSubscriptions(1);
    assertTimeout(PROMISED, transport::close);
    end.countDown();
  }

  @Test
  void sinkItselfMayClose(RedisServer redis) {
    CountDownLatch closed = new CountDownLatch(1);
    RedisTransport transport = Transports.open(redis.uri());
    transport.subscribe(
        Transports.PATTERN,
        new EventSink() {
          @Override
          public void received(byte[] channel, byte[] payload) {}

          @Override
          public void subscribed() {
            transport.close();
            closed.countDown();
          }

          @Override
          public void unavailable(String why) {}
        });
    Eventually.await("closed", Duration.ofSeconds(5), () -> closed.getCount() == 0);
    Eventually.await("no client left", PROMISED, () -> redis.subscribers().isEmpty());
  }

  @Test
  void unusedAndTwiceClosedTransportsAreQuiet(RedisServer redis) {
    RedisTransport transport = Transports.open(redis.uri());
    transport.close();
    transport.close();
    transport.answer(() -> {});
    assertThrows(IOException.class, () -> transport.publish(new byte[] {'c'}, new byte[0]));
  }

  @Test
  void secondSubscriptionIsRefused(RedisServer redis) {
    try (RedisTransport transport = Transports.subscribe(redis.uri(), sink)) {
      assertThrows(
          IllegalStateException.class, () -> transport.subscribe(Transports.PATTERN, sink));
    }
  }
}
