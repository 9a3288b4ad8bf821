package org.nethserver.events.agent.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.posix.Leftovers;
import org.nethserver.events.agent.run.Gate;
import org.nethserver.events.agent.run.Handling;
import org.nethserver.events.agent.run.HostedAgent;
import org.nethserver.events.agent.run.RunListener;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.spi.StepEntry;

/**
 * Ties a {@link HostedAgent} to its way through the journal: events go through {@link
 * JournaledAgent} to the lanes, and what becomes of them comes back.
 *
 * <p>Lives on the dispatch thread, once it is open.
 */
public final class Participant implements AutoCloseable {
  private final String id;
  private final Path directory;
  private final StateFile file;
  private final AgentState state;
  private final Losses losses;
  private final Duration catchUp;
  private @Nullable JournaledAgent agent;
  private @Nullable Repetition repetition;

  private Participant(Journals.Plan plan, StateFile file, AgentState state, Losses losses) {
    this.id = plan.id();
    this.directory = plan.directory();
    this.file = file;
    this.state = state;
    this.losses = losses;
    this.catchUp = plan.catchUp();
  }

  /**
   * Opens an agent's state, and ends what is left of the runs of a process that died. Any thread.
   *
   * @param runs what the names of this process's starts of steps begin with
   * @throws IOException if that cannot be; the message says what to do
   */
  static Participant open(Journals.Plan plan, String runs, Losses losses) throws IOException {
    // The lock comes first: whoever had it may have written until then.
    StateFile file = StateFile.open(plan.directory(), losses);
    try {
      AgentState state = new AgentState(StateFile.read(file.path()), file);
      state
          .leftovers()
          .map(Leftovers::kill)
          .filter(killed -> killed > 0)
          .ifPresent(losses::leftover);
      state.begin(runs);
      return new Participant(plan, file, state, losses);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  String id() {
    return id;
  }

  Path directory() {
    return directory;
  }

  /** Brings to the disk what was written. Any thread. */
  void sync() {
    file.sync();
  }

  /** Leads the agent's events through the journal from now on. */
  void join(HostedAgent hosted, Following following) {
    JournaledAgent known = agent;
    if (known != null) {
      following.join(known);
      return;
    }
    Ways ways = new Ways(hosted);
    JournaledAgent journaled =
        new JournaledAgent(ways, state, () -> Clock.systemUTC().instant().minus(catchUp), losses);
    agent = journaled;
    repetition = new Repetition(state, ways, following.reader());
    losses.use(hosted);
    hosted.use(
        new Gate() {
          @Override
          public boolean isOpen() {
            return journaled.live();
          }

          @Override
          public void offer(Event event, Handling found, boolean placed) {
            ways.found = found;
            journaled.take(event, placed, following.hasJournal());
            ways.found = null;
          }
        });
    following.join(journaled);
  }

  /** Returns how far the agent is, once its events go through the journal. */
  Optional<JournalStatus.Agent> status(Reconciler reconciler) {
    return Optional.ofNullable(agent)
        .map(
            known ->
                new JournalStatus.Agent(
                    id, known.live(), reconciler.lag(known), losses.gaps(), losses.lost()));
  }

  /** Does what a command asks for. */
  void request(String request, Consumer<String> answer) {
    Repetition repeats = repetition;
    if (repeats == null) {
      answer.accept("failed the agent is only starting; try again");
    } else {
      repeats.request(request, answer);
    }
  }

  /** Gets no more events. */
  void leave(Following following) {
    JournaledAgent left = agent;
    if (left != null) {
      following.leave(left);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** The way to the lanes. */
  private static final class Ways implements JournaledAgent.Work {
    private final HostedAgent hosted;

    /** What there is for the event that is being offered, if that is known already. */
    private @Nullable Handling found;

    Ways(HostedAgent hosted) {
      this.hosted = hosted;
    }

    @Override
    public Answer offer(Event event) {
      Handling known = found;
      Handling handling = known == null ? hosted.handling(event.channel()) : known;
      if (handling.isEmpty()) {
        return Answer.NOTHING;
      }
      return hosted.take(event, handling) ? Answer.TAKEN : Answer.FULL;
    }

    @Override
    public boolean hasRoom() {
      return hosted.hasRoom();
    }

    @Override
    public void reject(Event event) {
      hosted.offer(event);
    }
  }

  /** Returns a listener that tells the journal what it must know. */
  RunListener listener(Following following) {
    return new Ears(following);
  }

  private final class Ears implements RunListener {
    private final Following following;

    Ears(Following following) {
      this.following = following;
    }

    @Override
    public void runStarted(Event event) {
      if (agent != null) {
        agent.started(event);
      }
    }

    @Override
    public void runEnded(Event event, StepEntry last, RunOutcome outcome) {
      JournaledAgent mine = agent;
      if (mine != null) {
        mine.ended(event, outcome.stopped());
        following.ended(mine, Participant.this);
      }
      if (repetition != null) {
        repetition.ended(event, outcome);
      }
    }

    @Override
    public void vanished(Event event) {
      done(event, Repetition.NO_STEPS);
    }

    @Override
    public void filtered(Event event, String why) {
      done(event, why);
    }

    @Override
    public void invalid(Event event, String why, boolean runs) {
      if (!runs) {
        done(event, why);
      }
    }

    @Override
    public void superseded(Event event, Event by) {
      done(event, "it runs for " + by.id());
    }

    /** There will be no run of it, also not after a crash: later ones may have run by then. */
    private void done(Event event, String why) {
      if (agent != null) {
        agent.ended(event, false);
      }
      if (repetition != null) {
        repetition.notRun(event, why);
      }
    }
  }
}
