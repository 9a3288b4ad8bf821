package org.nethserver.events.agent.handlers;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.nethserver.events.agent.run.Dispatcher;
import org.nethserver.events.api.HandlerResult;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;

/**
 * Measures the way from the dispatch thread into a handler and back, for some channels side by
 * side. After {@code mvn test-compile}:
 *
 * <pre>{@code
 * java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmn2m \
 *   -cp events-api/target/classes:events-agent/target/classes:events-agent/target/test-classes \
 *   org.nethserver.events.agent.handlers.CallBenchmark 300000
 * }</pre>
 */
final class CallBenchmark {
  private final Dispatcher dispatcher = new Dispatcher(Throwable::printStackTrace);
  private final HandlerStage stage = new HandlerStage();
  private final int calls;

  private CallBenchmark(int calls) {
    this.calls = calls;
  }

  /**
   * Prints a line for each number of channels, twice: the first round warms up.
   *
   * @param arguments how many calls to make
   */
  public static void main(String[] arguments) throws InterruptedException {
    CallBenchmark benchmark = new CallBenchmark(Integer.parseInt(arguments[0]));
    benchmark.dispatcher.start();
    for (int round = 0; round < 2; round++) {
      for (int channels : new int[] {1, 4, 32}) {
        benchmark.measure(channels);
      }
    }
    benchmark.dispatcher.close();
    benchmark.stage.close();
  }

  private void measure(int channels) throws InterruptedException {
    AtomicLong started = new AtomicLong();
    CountDownLatch ended = new CountDownLatch(calls);
    Step step = stage.step((_, _) -> HandlerResult.success());
    long begin = System.nanoTime();
    for (int i = 0; i < channels; i++) {
      dispatcher.execute(() -> start(step, started, ended));
    }
    ended.await();
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf("%2d channels: %,10.0f calls/s%n", channels, calls / seconds);
  }

  private void start(Step step, AtomicLong started, CountDownLatch ended) {
    if (started.getAndIncrement() < calls) {
      step.start(
          HandlerStage.RUN,
          new StepListener() {
            @Override
            public void started() {}

            @Override
            public void output(Stream stream, byte[] line) {}

            @Override
            public void ended(Outcome outcome) {
              ended.countDown();
              dispatcher.execute(() -> start(step, started, ended));
            }
          });
    }
  }
}
