package org.nethserver.events.agent.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.Publisher;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportProvider;
import org.nethserver.events.api.spi.TransportSettings;

/** A transport of the scheme {@code fake} that brings what the test says; its own provider. */
public final class FakeTransport implements TransportProvider, Transport, Publisher {
  public final List<TransportSettings> opened = new CopyOnWriteArrayList<>();
  public final List<String> calls = new CopyOnWriteArrayList<>();
  private final CompletableFuture<EventSink> sink = new CompletableFuture<>();

  /** What {@link #publish} throws, if set. */
  public volatile IOException failure;

  public volatile long receivers;

  /** Waits until somebody subscribes. */
  public EventSink sink() {
    return sink.orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Brings a message. */
  public void bring(String channel, String payload) {
    sink()
        .received(
            channel.getBytes(StandardCharsets.UTF_8), payload.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Set<String> schemes() {
    return Set.of("fake");
  }

  @Override
  public Transport open(TransportSettings settings) {
    opened.add(settings);
    return this;
  }

  @Override
  public String address() {
    return "fake://here";
  }

  @Override
  public void subscribe(List<String> patterns, EventSink to) {
    calls.add("subscribe " + String.join(" ", patterns));
    sink.complete(to);
  }

  @Override
  public long publish(byte[] channel, byte[] payload) throws IOException {
    if (failure != null) {
      throw failure;
    }
    calls.add(
        "publish "
            + new String(channel, StandardCharsets.UTF_8)
            + " "
            + new String(payload, StandardCharsets.UTF_8));
    return receivers;
  }

  @Override
  public void close() {
    calls.add("close");
  }
}
