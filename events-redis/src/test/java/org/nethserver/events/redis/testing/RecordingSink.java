package org.nethserver.events.redis.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.nethserver.events.api.spi.EventSink;

/** Remembers all that a transport tells, in order. */
public final class RecordingSink implements EventSink {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final List<String> reasons = new CopyOnWriteArrayList<>();
  private final AtomicInteger subscriptions = new AtomicInteger();

  /** Creates an empty one. */
  public RecordingSink() {}

  /**
   * What was received.
   *
   * @param channel its bytes
   * @param payload its bytes
   */
  public record Message(byte[] channel, byte[] payload) {
    /** Returns the payload as text. */
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  @Override
  public void received(byte[] channel, byte[] payload) {
    messages.add(new Message(channel, payload));
  }

  @Override
  public void subscribed() {
    subscriptions.incrementAndGet();
  }

  @Override
  public void unavailable(String why) {
    reasons.add(why);
  }

  /** Returns the messages so far. */
  public List<Message> messages() {
    return messages;
  }

  /** Returns the reasons for being unavailable so far, the last one last. */
  public List<String> reasons() {
    return reasons;
  }

  /** Returns how often it was subscribed so far. */
  public int subscriptions() {
    return subscriptions.get();
  }

  /** Waits until it has been subscribed so many times. */
  public void awaitSubscriptions(int count) {
    awaitSubscriptions(count, LIMIT);
  }

  /** Waits until it has been subscribed so many times. */
  public void awaitSubscriptions(int count, Duration limit) {
    Eventually.await(
        count + " subscriptions, reasons " + reasons, limit, () -> subscriptions.get() >= count);
  }

  /** Waits for so many messages and returns them. */
  public List<Message> awaitMessages(int count) {
    Eventually.await(count + " messages", LIMIT, () -> messages.size() >= count);
    return messages;
  }

  /** Waits for a reason of this kind and returns it. */
  public String awaitReason(Predicate<String> wanted) {
    return awaitReason(wanted, LIMIT);
  }

  /** Waits for a reason of this kind and returns it. */
  public String awaitReason(Predicate<String> wanted, Duration limit) {
    Eventually.await("a certain reason", limit, () -> reasons.stream().anyMatch(wanted));
    return reasons.stream().filter(wanted).findFirst().orElseThrow();
  }
}
