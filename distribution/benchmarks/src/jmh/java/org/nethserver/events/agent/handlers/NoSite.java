package org.nethserver.events.agent.handlers;

import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.StepName;

/** Where a handler comes from that is part of a benchmark: nobody hears of its calls. */
record NoSite() implements HandlerSite {
  @Override
  public String plugin() {
    return "benchmark";
  }

  @Override
  public String agentId() {
    return "module/bench1";
  }

  @Override
  public ClassLoader loader() {
    return NoSite.class.getClassLoader();
  }

  @Override
  public StepName name() {
    return StepName.of("10call");
  }

  @Override
  public boolean answers(EventSource source) {
    return true;
  }

  @Override
  public void began() {}

  @Override
  public void ended() {}

  @Override
  public void stuck(String why) {
    throw new IllegalStateException(why);
  }
}
