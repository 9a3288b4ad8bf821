package org.nethserver.events.redis;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.Recorder;
import org.nethserver.events.redis.journal.Recording;
import org.nethserver.events.redis.journal.Reply;
import org.nethserver.events.redis.journal.Word;

/**
 * Keeps a journal: gives the {@link Recording} of each subscription its time and its connection,
 * and tells people how it fares. All on the event loop.
 */
final class RedisRecorder implements EventSink {
  /** One command: two would begin at two instants. */
  static final List<String> PATTERNS = List.of(Channel.PATTERN, Word.CHANNEL);

  private static final Duration TICK = Duration.ofSeconds(1);

  /** Three markers of another that is alive. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration ALONE = Duration.ofSeconds(10);

  /** Longer than a full disk takes to be seen to. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private static final long LARGEST_QUEUE = 64L * 1024 * 1024;
  private static final int EPOCH_BYTES = 16;

  private final Recorder.Plan plan;
  private final Recorder.Listener listener;
  private final EventLoop loop;
  private final String user;
  private final EntryFields fields;
  private final SecureRandom random = new SecureRandom();
  private @Nullable Subscription subscription;
  private @Nullable Session current;
  private Recorder.State told = Recorder.State.CONNECTING;
  private String toldWhy = "";

  /** What of the server's refusals was told, and is not over. */
  private String refusal = "";

  private boolean toldAlone;

  RedisRecorder(Recorder.Plan plan, Recorder.Listener listener, EventLoop loop, String user) {
    this.plan = plan;
    this.listener = listener;
    this.loop = loop;
    this.user = user;
    this.fields = new EntryFields(plan);
  }

  void begin(Subscription begun) {
    subscription = begun;
    begun.start();
  }

  @Override
  public void subscribed() {
    Session session = new Session(Objects.requireNonNull(subscription));
    current = session;
    session.tick();
  }

  @Override
  public void unavailable(String why) {
    current = null;
    tell(Recorder.State.CONNECTING, why);
  }

  @Override
  public void received(byte[] channel, byte[] payload) {
    Session session = current;
    if (session == null) {
      return;
    }
    if (Word.isOn(channel)) {
      Word.parse(payload).ifPresent(session.recording::hear);
    } else {
      session.recording.hear(fields.of(channel, payload));
    }
    session.tell();
  }

  private void tell(Recorder.State state, String why) {
    if (state != told || !why.equals(toldWhy)) {
      told = state;
      toldWhy = why;
      listener.changed(state, why);
    }
  }

  private void refused(Recording.Request request, String why) {
    String kind = request + why.split(" ", 2)[0];
    if (kind.equals(refusal)) {
      return;
    }
    refusal = kind;
    if (why.startsWith("NOPERM")) {
      listener.warning(
          ("user \"%1$s\" may not record: %2$s; run ACL SETUSER %1$s +eval +info +time +publish"
                  + " +hmget +hset +xadd +xrange +xtrim &%3$s ~%4$s ~%5$s")
              .formatted(user, why, Word.CHANNEL, plan.key(), JournalScript.stateKey(plan.key())));
    } else {
      listener.warning(
          "Redis writes no entries, which wait here, for %d min or %d MiB at most: %s"
              .formatted(LONGEST_WAIT.toMinutes(), LARGEST_QUEUE >> 20, why));
    }
  }

  /** One subscription. */
  private final class Session implements JournalScript.Replies {
    private final Subscription owner;
    private final Recording recording;
    private final long begun = System.nanoTime();
    private long anotherHeard = begun;
    private long waits = -1;
    private long waitingSince;
    private long recorded;
    private long progress = begun;
    private long gaps;

    Session(Subscription owner) {
      this.owner = owner;
      this.recording =
          new Recording(new JournalScript(owner.connection(), plan, this), this::beginAnew);
    }

    private boolean isOver() {
      return current != this;
    }

    private void beginAnew() {
      current = null;
      owner.renew();
      RedisRecorder.this.tell(
          Recorder.State.CONNECTING, "this Redis is not the primary any more that it was");
    }

    /** Each second. */
    private void tick() {
      if (isOver()) {
        return;
      }
      long now = System.nanoTime();
      lookForOthers(now);
      lookAtQueue(now);
      byte[] epoch = new byte[EPOCH_BYTES];
      random.nextBytes(epoch);
      recording.mark(HexFormat.of().formatHex(epoch));
      if (recording.waits() != waits) {
        waits = recording.waits();
        waitingSince = now;
      } else if (now - waitingSince > PATIENCE.toNanos() && recording.canLosePatience()) {
        recording.losePatience();
      }
      tell();
      loop.schedule(this::tick, TICK);
    }

    private void lookForOthers(long now) {
      if (recording.heardAnother()) {
        anotherHeard = now;
        if (toldAlone) {
          toldAlone = false;
          listener.relief("another recorder is heard again");
        }
      } else if (!toldAlone
          && recording.state() == Recording.State.WHOLE
          && now - anotherHeard > ALONE.toNanos()) {
        toldAlone = true;
        listener.warning(
            "no other recorder is heard: what is published while this one is not connected will be"
                + " lost; start a second one");
      }
    }

    private void lookAtQueue(long now) {
      if (recording.queuedEvents() == 0 || recording.recorded() != recorded) {
        recorded = recording.recorded();
        progress = now;
      }
      long bytes = recording.queuedBytes();
      boolean late = now - progress > LONGEST_WAIT.toNanos();
      if (late || bytes > LARGEST_QUEUE) {
        int events = recording.queuedEvents();
        recording.dropQueue(
            late ? "Redis took no entries for too long" : "too much waited for Redis");
        progress = now;
        listener.warning(
            "%d events, %d bytes, which Redis did not take, were dropped and are not recorded"
                .formatted(events, bytes));
      }
    }

    @Override
    public void reply(Recording.Request request, Reply reply) {
      if (isOver()) {
        return;
      }
      if (reply instanceof Reply.Refused(String why)) {
        refused(request, why);
      } else if (reply instanceof Reply.Appended && !refusal.isEmpty()) {
        refusal = "";
        listener.relief("Redis writes entries again");
      }
      recording.reply(request, reply);
      tell();
    }

    /** The connection is lost, which its subscription tells. */
    @Override
    public void lost(Throwable failure) {}

    private void tell() {
      if (isOver()) {
        return;
      }
      if (recording.gaps() != gaps) {
        gaps = recording.gaps();
        listener.gap(recording.why());
      }
      switch (recording.state()) {
        case STARTING -> {}
        case IDLE ->
            RedisRecorder.this.tell(
                Recorder.State.IDLE, "this Redis is a replica: its primary's recorders record");
        case JOINING -> RedisRecorder.this.tell(Recorder.State.JOINING, recording.why());
        case WHOLE -> RedisRecorder.this.tell(Recorder.State.RECORDING, "");
      }
    }
  }
}
