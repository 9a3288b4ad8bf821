package org.nethserver.events.agent.handlers;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.StepName;

/** A plugin's place that counts what it is told. */
final class FakeSite implements HandlerSite {
  final AtomicInteger inside = new AtomicInteger();
  final BlockingQueue<String> stuck = new LinkedBlockingQueue<>();
  final ClassLoader loader = new ClassLoader(null) {};
  private final String plugin;

  FakeSite() {
    this("search");
  }

  FakeSite(String plugin) {
    this.plugin = plugin;
  }

  @Override
  public String plugin() {
    return plugin;
  }

  @Override
  public String agentId() {
    return "module/test1";
  }

  @Override
  public ClassLoader loader() {
    return loader;
  }

  @Override
  public StepName name() {
    return StepName.of("30index");
  }

  @Override
  public boolean answers(EventSource source) {
    return source.text().startsWith("module/");
  }

  @Override
  public void began() {
    inside.incrementAndGet();
  }

  @Override
  public void ended() {
    inside.decrementAndGet();
  }

  @Override
  public void stuck(String why) {
    stuck.add(why);
  }
}
