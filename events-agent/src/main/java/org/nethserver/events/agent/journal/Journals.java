package org.nethserver.events.agent.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.control.ControlServer;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.run.Counters;
import org.nethserver.events.agent.run.Dispatcher;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.run.Intake;
import org.nethserver.events.agent.run.Router;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.api.spi.Journal;

/**
 * The journal, for the agents of this process.
 *
 * <p>Threads: {@link #open} any; all else the dispatch thread, or one before it starts and after
 * its end.
 */
public final class Journals implements AutoCloseable {
  private static final int PAGE = 500;

  /**
   * What there is to know of an agent.
   *
   * @param id its id
   * @param directory where its state is kept
   * @param catchUp how old events may be that it missed, to be run
   */
  public record Plan(String id, Path directory, Duration catchUp) {}

  /** Hears of what concerns the journal. */
  public interface Listener {
    /** A line about an agent; or about the process, if there is no agent. */
    void line(@Nullable String agent, Priority priority, String text);
  }

  private final Dispatcher dispatcher;
  private final Supplier<String> ids;
  private final String runs;
  private final Listener listener;
  private final JournalReader reader;
  private final Following following;

  private @Nullable ControlServer control;

  /** By the ids of the agents. */
  private final Map<String, Participant> participants = new ConcurrentHashMap<>();

  /**
   * Makes one that follows nothing yet.
   *
   * @param journal asked when it is first read
   * @param key the name of the journal
   * @param ids makes ids for events that have no position
   * @param runs what the names of this process's starts of steps begin with
   */
  public Journals(
      Supplier<Journal> journal,
      String key,
      Dispatcher dispatcher,
      Router router,
      Router.Refusals refusals,
      Counters counters,
      Supplier<String> ids,
      String runs,
      Listener listener) {
    this.dispatcher = dispatcher;
    this.ids = ids;
    this.runs = runs;
    this.listener = listener;
    this.reader =
        new JournalReader(
            journal,
            key,
            dispatcher,
            new JournalReader.Listener() {
              @Override
              public void unreadable(String why) {
                listener.line(null, Priority.ERROR, "Journal: " + why + ". Trying again");
              }

              @Override
              public void readable() {
                listener.line(null, Priority.INFO, "Journal: it can be read again");
              }
            });
    this.following =
        new Following(
            dispatcher,
            router,
            new Reconciler(reader, Clock.systemUTC(), ids, PAGE),
            reader,
            refusals,
            counters,
            Clock.systemUTC());
  }

  /** Returns where messages are to go. */
  public Intake.Destination destination() {
    return following;
  }

  /**
   * Opens an agent's state, unless it is open.
   *
   * @throws IOException if it cannot be; the message says what to do
   */
  public void open(Plan plan) throws IOException {
    if (!participants.containsKey(plan.id())) {
      Losses losses =
          new Losses(
              plan.id(),
              dispatcher,
              ids,
              (priority, text) -> listener.line(plan.id(), priority, text));
      Participant participant = Participant.open(plan, runs, losses);
      participants.put(plan.id(), participant);
      openControl(plan, participant);
    }
  }

  /** Without its socket an agent does all that it does otherwise. */
  private void openControl(Plan plan, Participant participant) {
    try {
      control()
          .open(
              plan.directory(),
              (request, answer) -> dispatcher.execute(() -> participant.request(request, answer)));
    } catch (IOException | UnsupportedOperationException e) {
      listener.line(
          plan.id(),
          Priority.WARNING,
          "Cannot take requests of commands at "
              + plan.directory().resolve(ControlServer.SOCKET)
              + ": "
              + e.getMessage());
    }
  }

  private synchronized ControlServer control() throws IOException {
    ControlServer made = control;
    if (made == null) {
      made = new ControlServer();
      control = made;
    }
    return made;
  }

  private synchronized Optional<ControlServer> openedControl() {
    return Optional.ofNullable(control);
  }

  /** Returns what hears of an agent's runs for the journal, if it takes part in it. */
  public Optional<RunListener> listener(String agent) {
    return Optional.ofNullable(participants.get(agent))
        .map(participant -> participant.listener(following));
  }

  /** Leads an agent's events through the journal, if it takes part in it. */
  public void join(HostedAgent agent) {
    Participant participant = participants.get(agent.id());
    if (participant != null) {
      participant.join(agent, following);
    }
  }

  /** Brings an agent nothing more. */
  public void leave(String agent) {
    Participant participant = participants.get(agent);
    if (participant != null) {
      participant.leave(following);
    }
  }

  /** An agent has nothing to run any more, and is gone. */
  public void forget(String agent) {
    Participant participant = participants.remove(agent);
    if (participant != null) {
      close(participant);
    }
  }

  private void close(Participant participant) {
    openedControl().ifPresent(opened -> opened.close(participant.directory()));
    try {
      participant.close();
    } catch (IOException e) {
      listener.line(
          participant.id(), Priority.ERROR, "Cannot close the journal's state: " + e.getMessage());
    }
  }

  /** Returns how things stand. */
  public JournalStatus status() {
    return new JournalStatus(
        following.hasJournal(),
        following.markedAt(),
        following.reconciler().reconciledAt(),
        participants.values().stream()
            .flatMap(participant -> participant.status(following.reconciler()).stream())
            .toList());
  }

  /** Agents are given nothing more that they missed. */
  public void end() {
    following.close();
  }

  /** Closes all; nothing runs. */
  @Override
  public void close() {
    reader.close();
    List.copyOf(participants.values()).forEach(this::close);
    openedControl().ifPresent(ControlServer::close);
  }
}
