package org.nethserver.events.agent.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.nethserver.events.agent.config.MetricsPlace;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.RunListener;

/**
 * What a process tells of itself to Prometheus, where an administrator wants it to.
 *
 * <p>Threads: made, started and closed by one thread; {@link #runs} and what it returns on the
 * dispatch thread, or before that starts.
 */
public final class Metrics implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private final Gauging gauging;
  private final Giving giving;

  private Metrics(Gauging gauging, Giving giving) {
    this.gauging = gauging;
    this.giving = giving;
  }

  /**
   * Takes the place where figures will be given.
   *
   * @param process names the process among others of the machine
   * @param journal whether agents follow a journal
   * @param log hears of a file that cannot be written; any thread
   * @throws IllegalArgumentException if the place cannot be had; the message says what to do
   */
  public static Metrics open(
      MetricsPlace place,
      String process,
      Counters counters,
      boolean journal,
      BiConsumer<Priority, String> log) {
    // In a file for node_exporter, nothing else tells the figures of two processes apart.
    Labels labels =
        place instanceof MetricsPlace.Textfile ? Labels.of("process", process) : Labels.EMPTY;
    Gauging gauging = new Gauging(labels, counters, journal);
    MetricsPage page = new MetricsPage(gauging);
    try {
      return new Metrics(
          gauging,
          switch (place) {
            case MetricsPlace.Tcp tcp -> server(ListeningSocket.open(tcp), gauging, page);
            case MetricsPlace.Unix unix -> server(ListeningSocket.open(unix.path()), gauging, page);
            case MetricsPlace.Textfile file ->
                new MetricsFile(
                    directory(file.directory()), process, page, INTERVAL, new FileReports(log));
          });
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--metrics: no figures can be given at " + place + ": " + e.getMessage(), e);
    }
  }

  private static Giving server(ServerSocketChannel socket, Gauging gauging, MetricsPage page)
      throws IOException {
    Map<String, Page> pages = new LinkedHashMap<>();
    pages.put("/metrics", page);
    pages.put("/healthz", new HealthPage(gauging));
    pages.put("/readyz", new ReadyPage(gauging));
    return new HttpServer(socket, pages);
  }

  private static Path directory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException("it is no directory; make it, for node_exporter to read");
    }
    if (!Files.isWritable(directory)) {
      throw new IOException("this user may not write there; see ls -ld " + directory);
    }
    return directory;
  }

  /** Returns what hears of an agent's runs. */
  public RunListener runs(String agent) {
    return gauging.runs(agent);
  }

  /**
   * Gives figures from now on.
   *
   * @param subject what is measured
   * @return where, for people
   * @throws IOException if the system refuses what that needs
   */
  public String start(Subject subject) throws IOException {
    gauging.use(subject);
    giving.start();
    return giving.place();
  }

  /** Gives no more. */
  @Override
  public void close() {
    giving.close();
  }

  private record FileReports(BiConsumer<Priority, String> log) implements MetricsFile.Listener {
    @Override
    public void unwritable(Path file, String why) {
      log.accept(Priority.ERROR, "Cannot write figures to " + file + ": " + why);
    }

    @Override
    public void writable(Path file) {
      log.accept(Priority.INFO, "Writes figures to " + file + " again");
    }
  }
}
