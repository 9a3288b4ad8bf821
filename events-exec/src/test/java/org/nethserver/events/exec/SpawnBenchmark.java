package org.nethserver.events.exec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;
import org.nethserver.events.api.spi.StepUser;

/**
 * Measures what it costs to start a program, from the call to its end being known, with a payload
 * on its stdin and both its outputs read. After {@code mvn test-compile}:
 *
 * <pre>{@code
 * java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
 *   -Djava.library.path=events-exec/target/native \
 *   -cp events-api/target/classes:events-exec/target/classes:events-exec/target/test-classes \
 *   org.nethserver.events.exec.SpawnBenchmark ours /bin/true
 * }</pre>
 *
 * <p>{@code builder} instead of {@code ours} measures the Java library, with {@code
 * -Djdk.lang.Process.launchMechanism=VFORK} or {@code POSIX_SPAWN}. The same in C is in {@code
 * src/test/c/spawn.c}.
 */
final class SpawnBenchmark {
  private static final int WARM_UP = 500;
  private static final int RUNS = 2000;
  private static final int AT_ONCE = 8;
  private static final StepAccount ACCOUNT =
      StepAccount.of(new StepUser.Own(), Path.of("/sys/fs/cgroup"));
  private static final byte[] PAYLOAD = "{}".getBytes(StandardCharsets.US_ASCII);

  private SpawnBenchmark() {}

  /** One way of running a program. */
  private interface Way {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Prints one line of results.
   *
   * @param arguments the way, {@code ours} or {@code builder}, and the program
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String program = arguments.length > 1 ? arguments[1] : "/bin/true";
    if (arguments[0].equals("builder")) {
      report(System.getProperty("jdk.lang.Process.launchMechanism", "default"), builder(program));
      return;
    }
    Spawner spawner = new Spawner();
    try (ProcessLoop loop = new ProcessLoop()) {
      long[] starts = new long[WARM_UP + RUNS];
      int[] count = {0};
      Way ours = () -> ours(spawner, loop, program, starts, count);
      report("ours", ours);
      Arrays.sort(starts, WARM_UP, starts.length);
      System.out.printf(
          "             of that, until it was started: p50 %.3f ms  p99 %.3f ms%n",
          starts[WARM_UP + RUNS / 2] / 1e6, starts[WARM_UP + RUNS * 99 / 100] / 1e6);
      System.out.printf(
          "             8 at once, started by one thread: %.0f/s%n",
          oneStarter(spawner, loop, program));
    }
  }

  private static void report(String name, Way way) throws IOException, InterruptedException {
    for (int i = 0; i < WARM_UP; i++) {
      way.run();
    }
    long[] times = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      way.run();
      times[i] = System.nanoTime() - start;
    }
    Arrays.sort(times);
    System.out.printf(
        "%-12s p50 %.3f ms  p99 %.3f ms  8 at once %.0f/s%n",
        name, times[RUNS / 2] / 1e6, times[RUNS * 99 / 100] / 1e6, atOnce(way));
  }

  private static double atOnce(Way way) throws InterruptedException {
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < AT_ONCE; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < RUNS / AT_ONCE; i++) {
                        way.run();
                      }
                    } catch (IOException | InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return RUNS * 1e9 / (System.nanoTime() - start);
  }

  private static void ours(
      Spawner spawner, ProcessLoop loop, String program, long[] starts, int[] count)
      throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    long begin = System.nanoTime();
    start(spawner, loop, program, ended::countDown);
    long took = System.nanoTime() - begin;
    if (count[0] < starts.length) {
      starts[count[0]++] = took;
    }
    ended.await();
  }

  /** As the agent does it: one thread starts, eight places. */
  private static double oneStarter(Spawner spawner, ProcessLoop loop, String program)
      throws InterruptedException {
    Semaphore places = new Semaphore(AT_ONCE);
    long begin = System.nanoTime();
    for (int i = 0; i < RUNS; i++) {
      places.acquire();
      start(spawner, loop, program, places::release);
    }
    places.acquire(AT_ONCE);
    return RUNS * 1e9 / (System.nanoTime() - begin);
  }

  private static void start(Spawner spawner, ProcessLoop loop, String program, Runnable ended) {
    StepRun run = run();
    byte[] file = program.getBytes(StandardCharsets.US_ASCII);
    StepListener listener = new Ending(ended);
    switch (spawner.spawn(file, run, ACCOUNT)) {
      case Spawned.Refused(String why) -> throw new AssertionError(why);
      case Spawned.Running running ->
          new RunningProcess(loop, program, running, run, listener).begin();
    }
  }

  private static StepRun run() {
    Event event =
        new Event("1", Channel.parse("cluster/event/x"), Payload.wrap(PAYLOAD), Instant.EPOCH);
    Variables variables = Variables.NONE.with("PATH", "/usr/bin:/bin");
    return new StepRun(event, "1", variables, Path.of("").toAbsolutePath());
  }

  private static Way builder(String program) {
    return () -> {
      Process process = new ProcessBuilder(program).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(PAYLOAD);
      } catch (IOException e) {
        // It ended before: no error, and the rest is measured all the same.
        process.waitFor();
      }
      process.getInputStream().readAllBytes();
      process.getErrorStream().readAllBytes();
      process.waitFor();
    };
  }

  private record Ending(Runnable work) implements StepListener {
    @Override
    public void started() {}

    @Override
    public void output(Stream stream, byte[] line) {}

    @Override
    public void ended(Outcome outcome) {
      work.run();
    }
  }
}
