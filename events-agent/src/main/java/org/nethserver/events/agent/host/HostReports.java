package org.nethserver.events.agent.host;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.config.Amounts;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.systemd.Notifier;

/**
 * Writes what a host tells to the system log, and to systemd.
 *
 * <p>Threads: the dispatch thread.
 */
final class HostReports implements Host.Listener {
  private static final int MAX_SHOWN_CHANNEL = 300;

  private final AgentLogs log;
  private final Notifier notifier;
  private final Counters counters;
  private final boolean many;
  private final boolean journal;
  private final Supplier<String> address;
  private final Runnable whenStopped;

  /**
   * Whether systemd was told that the agent does its work: the end of a reload would tell it too.
   */
  private boolean ready;

  /**
   * Tells nothing yet.
   *
   * @param many whether a reload has more to tell of than one agent's plugins
   * @param journal whether agents make good what they missed
   * @param address says where events come from
   * @param whenStopped runs once all runs have ended
   */
  HostReports(
      AgentLogs log,
      Notifier notifier,
      Counters counters,
      boolean many,
      boolean journal,
      Supplier<String> address,
      Runnable whenStopped) {
    this.log = log;
    this.notifier = notifier;
    this.counters = counters;
    this.many = many;
    this.journal = journal;
    this.address = address;
    this.whenStopped = whenStopped;
  }

  /** Tells systemd that a reload begins, if it knows that the agent is there at all. */
  void reloading() {
    if (ready) {
      notifier.reloading();
    }
  }

  /** Tells systemd that the reload is over. */
  void reloaded() {
    if (ready) {
      notifier.ready("Reloaded; " + counters.summary());
    }
  }

  @Override
  public void ready() {
    ready = true;
    log.line(Priority.INFO, "Subscribed to " + address.get());
    notifier.ready("Subscribed to " + address.get());
  }

  @Override
  public void restored(Duration gap) {
    log.line(
        journal ? Priority.NOTICE : Priority.WARNING,
        "Subscribed to "
            + address.get()
            + " again after "
            + Amounts.format(gap)
            + (journal ? ": what was missed is in the journal" : ": events may have been missed")
            + " (gap "
            + counters.gaps
            + " since the start)");
    notifier.status("Subscribed to " + address.get() + "; " + counters.summary());
  }

  @Override
  public void unavailable(String why) {
    log.line(
        Priority.ERROR,
        "Not subscribed to " + address.get() + ": " + why + ". Trying again until it works");
    notifier.status("Not subscribed to " + address.get() + ": " + why);
  }

  @Override
  public void refused(byte[] channel, String why) {
    log.line(Priority.WARNING, "Event on channel \"" + shown(channel) + "\" refused: " + why);
  }

  @Override
  public void dropped(byte[] channel) {
    log.line(Priority.ERROR, "Agent is busy. Event " + shown(channel) + " rejected!");
  }

  @Override
  public void failed(String what, Throwable failure) {
    log.line(Priority.ERROR, "A fault in " + what + ", which goes on: " + LastWords.told(failure));
  }

  @Override
  public void hosted(String agent, PluginReport plugins) {
    log.plugins(agent, plugins);
  }

  @Override
  public void notHosted(String agent, String why) {
    log.line(agent, Priority.ERROR, "Agent " + agent + " is not hosted so: " + why);
  }

  @Override
  public void said(String agent, Priority priority, String line) {
    log.line(agent, priority, line);
  }

  @Override
  public void journal(@Nullable String agent, Priority priority, String line) {
    if (agent == null) {
      log.line(priority, line);
    } else {
      log.line(agent, priority, line);
    }
  }

  @Override
  public void plugin(String agent, String problem) {
    log.line(agent, Priority.ERROR, problem);
  }

  @Override
  public void reloaded(String agent, List<String> changes) {
    if (many) {
      changes.forEach(change -> log.line(agent, Priority.INFO, "Plugin " + change));
      return; // the process tells of the reload when it knows its agents
    }
    log.line(
        Priority.INFO,
        "Signal SIGHUP caught: "
            + (changes.isEmpty()
                ? "no plugin to load; scripts are looked up at every event"
                : "plugin " + String.join(", plugin ", changes)));
    reloaded();
  }

  @Override
  public void stopped() {
    whenStopped.run();
  }

  /** The log escapes control characters; here only the length is bounded. */
  private static String shown(byte[] channel) {
    String text = new String(channel, StandardCharsets.UTF_8);
    return text.length() <= MAX_SHOWN_CHANNEL ? text : text.substring(0, MAX_SHOWN_CHANNEL) + "…";
  }
}
