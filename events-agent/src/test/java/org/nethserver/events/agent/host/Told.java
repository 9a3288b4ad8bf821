package org.nethserver.events.agent.host;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepListener.Stream;

/** Notes what a host of many agents tells: ends of runs, its own end, and what goes wrong. */
final class Told implements Host.Listener {
  private final BlockingQueue<String> runs = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> others = new LinkedBlockingQueue<>();

  String nextRun() throws InterruptedException {
    return next(runs);
  }

  String nextEnd() throws InterruptedException {
    return next(ends);
  }

  String next() throws InterruptedException {
    return next(others);
  }

  boolean hasEnded() {
    return !ends.isEmpty();
  }

  private static String next(BlockingQueue<String> from) throws InterruptedException {
    String next = from.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing more was told within 20 s");
    }
    return next;
  }

  void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within 20 s: " + what);
      }
      Thread.onSpinWait();
    }
  }

  RunListener runs(String agent) {
    return new RunListener() {
      @Override
      public void stepStarted(StepWatch step) {}

      @Override
      public void output(StepWatch step, Stream stream, byte[] line) {}

      @Override
      public void stepEnded(StepWatch step, Outcome outcome) {}

      @Override
      public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
        runs.add(agent + ": " + event.channel() + " " + outcome.status());
      }

      @Override
      public void environmentMissing(Event event, String why) {}

      @Override
      public void rejected(Event event) {
        others.add(agent + " rejected");
      }
    };
  }

  @Override
  public void ready() {}

  @Override
  public void restored(Duration gap) {}

  @Override
  public void unavailable(String why) {}

  @Override
  public void refused(byte[] channel, String why) {}

  @Override
  public void dropped(byte[] channel) {}

  @Override
  public void hosted(String agent, PluginReport plugins) {}

  @Override
  public void notHosted(String agent, String why) {
    others.add("not hosted " + agent + ": " + why);
  }

  @Override
  public void said(String agent, Priority priority, String line) {
    others.add(agent + " says: " + line);
  }

  @Override
  public void plugin(String agent, String problem) {
    others.add(agent + ": " + problem);
  }

  @Override
  public void reloaded(String agent, List<String> changes) {}

  @Override
  public void failed(String what, Throwable failure) {
    others.add(what + " failed: " + failure);
  }

  @Override
  public void stopped() {
    ends.add("stopped");
  }
}
