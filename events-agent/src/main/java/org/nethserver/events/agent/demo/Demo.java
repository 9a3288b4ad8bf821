package org.nethserver.events.agent.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.host.AgentPlan;
import org.nethserver.events.agent.host.Host;
import org.nethserver.events.agent.host.ProcessEnvironment;
import org.nethserver.events.agent.host.Transports;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.agent.systemd.ProcessSignal;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.Publisher;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportSettings;

/** A real Redis, a real agent, real scripts and real events, all thrown away in the end. */
public final class Demo {
  /** The smallest of the samples: a step in Java between the scripts. */
  private static final Path PLUGINS = Path.of(System.getProperty("java.home"), "lib/demo");

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Consumer<String> print;
  private final CountDownLatch interrupted = new CountDownLatch(1);

  /**
   * Makes a demo.
   *
   * @param print prints one line
   */
  public Demo(Consumer<String> print) {
    this.print = print;
  }

  /**
   * Runs the demo to its end, or until Ctrl-C.
   *
   * @param keep whether to stay up after the last event
   * @return whether all ended as announced
   * @throws IOException if it cannot be set up; the message says what to do
   */
  public boolean run(boolean keep) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("events-demo-");
    try (var _ = ProcessSignal.INT.onReceipt(interrupted::countDown);
        var _ = ProcessSignal.TERM.onReceipt(interrupted::countDown);
        PrivateRedis redis = PrivateRedis.start(directory)) {
      return run(directory, redis, keep);
    } finally {
      delete(directory);
    }
  }

  private boolean run(Path directory, PrivateRedis redis, boolean keep)
      throws IOException, InterruptedException {
    Path events = directory.resolve("events");
    SampleEvents.write(events);
    Files.writeString(directory.resolve("environment"), "GREETING=hello\n");
    Timeline timeline = new Timeline(print);
    HostState state = new HostState(timeline);
    Host host =
        new Host(plan(directory, events, redis.address()), _ -> timeline, state, new Counters());
    host.start();
    try {
      state.await(state.ready, redis);
      timeline.line("a private Redis and an agent are up; its steps are in " + events);
      boolean right = tell(redis.address(), timeline);
      if (keep) {
        stay(events, redis.address());
      }
      return right;
    } finally {
      host.stop(Duration.ofMillis(800));
      state.stopped.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
      host.close();
    }
  }

  private static Host.Plan plan(Path directory, Path events, URI address) {
    return Host.Plan.of(
        new AgentPlan(
            new AgentSettings("module/demo1", List.of(events), Trust.OWNER),
            List.of(new StepPlace.Plugins(PLUGINS), new StepPlace.Events(events)),
            Limits.DEFAULT,
            directory,
            ProcessEnvironment.variables()),
        new TransportSettings(address, "module/demo1", Optional.empty()));
  }

  private boolean tell(URI address, Timeline timeline) throws IOException, InterruptedException {
    TransportSettings settings = new TransportSettings(address, "demo", Optional.empty());
    try (Transport transport = Transports.open(settings)) {
      Publisher publisher = transport.capability(Publisher.class).orElseThrow();
      RunOutcome first =
          publish(
              publisher,
              timeline,
              "module/openldap1",
              SampleEvents.COMPLETES,
              "{\"user\":\"alice\"}");
      RunOutcome second =
          publish(
              publisher,
              timeline,
              "module/traefik1",
              SampleEvents.FAILS,
              "{\"names\":[\"example.org\"]}");
      publisher.publish(bytes("cluster/event/leader-changed"), bytes("{}"));
      timeline.line("PUBLISH cluster/event/leader-changed {}: nobody has steps for it, so silence");
      return first.status().equals("completed") && second.code() == SampleEvents.FAILURE;
    }
  }

  private static RunOutcome publish(
      Publisher publisher, Timeline timeline, String source, String name, String payload)
      throws IOException, InterruptedException {
    String channel = source + "/event/" + name;
    timeline.line("PUBLISH " + channel + " " + payload);
    publisher.publish(bytes(channel), bytes(payload));
    RunOutcome outcome = timeline.outcomes().poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (outcome == null) {
      throw new IOException(
          "the run of " + channel + " did not end within " + PATIENCE.toSeconds() + " s");
    }
    return outcome;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void stay(Path events, URI address) throws InterruptedException {
    print.accept("");
    print.accept("It stays up. In another terminal, type for instance:");
    print.accept(
        "  events publish module/me1 user-created '{\"user\":\"bob\"}' --redis=" + address);
    print.accept("  events tail --redis=" + address);
    print.accept("  events handlers --eventsdir=" + events);
    print.accept("  chmod +x " + events.resolve("user-created/20forgotten"));
    print.accept("Ctrl-C ends it and leaves nothing.");
    interrupted.await();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Waits for what the host tells. */
  private static final class HostState implements Host.Listener {
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private final Timeline timeline;

    HostState(Timeline timeline) {
      this.timeline = timeline;
    }

    void await(CompletableFuture<Boolean> state, PrivateRedis redis)
        throws IOException, InterruptedException {
      try {
        state.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        throw new IOException(
            redis.alive()
                ? "the agent could not subscribe to " + redis.address()
                : "the private redis-server ended at once; try it by hand to see why",
            e);
      }
    }

    @Override
    public void ready() {
      ready.complete(true);
    }

    @Override
    public void stopped() {
      stopped.complete(true);
    }

    /** The server needs a moment to accept connections: no news. */
    @Override
    public void unavailable(String why) {}

    @Override
    public void restored(Duration gap) {
      timeline.line("  subscribed again: events may have been missed");
    }

    @Override
    public void refused(byte[] channel, String why) {
      timeline.line("  a channel is refused: " + why);
    }

    @Override
    public void dropped(byte[] channel) {
      timeline.line("  an event is rejected: too much waits");
    }

    @Override
    public void said(String agent, Priority priority, String line) {
      timeline.line("  a worker says: " + line);
    }

    @Override
    public void plugin(String agent, String problem) {
      timeline.line("  a plugin has a problem: " + problem);
    }

    @Override
    public void reloaded(String agent, List<String> changes) {}

    @Override
    public void hosted(String agent, PluginReport plugins) {}

    @Override
    public void notHosted(String agent, String why) {
      timeline.line("  the agent is not there: " + why);
    }

    @Override
    public void failed(String what, Throwable failure) {
      timeline.line("  a fault in " + what + ": " + failure);
    }
  }
}
