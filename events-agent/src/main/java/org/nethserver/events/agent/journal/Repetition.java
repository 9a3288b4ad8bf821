package org.nethserver.events.agent.journal;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.nethserver.events.agent.run.RunOutcome;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.spi.Journal;

/**
 * Runs recorded events again, because somebody asks for it: {@code replay ENTRY}, {@code retry ID}
 * of one that was set aside, {@code drop ID}. The answer is {@code ok …} or {@code failed …}, once
 * the run has ended.
 *
 * <p>Lives on the dispatch thread.
 */
final class Repetition {
  static final String NO_STEPS = "the agent has no steps for it";

  private final AgentState state;
  private final JournaledAgent.Work work;
  private final JournalReader reader;

  /** Who waits for the end of a run. */
  private final Map<Event, Consumer<String>> awaited = new IdentityHashMap<>();

  Repetition(AgentState state, JournaledAgent.Work work, JournalReader reader) {
    this.state = state;
    this.work = work;
    this.reader = reader;
  }

  void request(String request, Consumer<String> answer) {
    String[] words = request.split(" ", -1);
    if (words.length != 2) {
      answer.accept("failed no request: " + request);
      return;
    }
    switch (words[0]) {
      case "replay" -> run(words[1], answer);
      case "retry" ->
          find(words[1])
              .ifPresentOrElse(
                  dead -> retry(dead, answer), () -> answer.accept("failed it is not set aside"));
      case "drop" ->
          answer.accept(state.takeUp(words[1]) ? "ok dropped" : "failed it is not set aside");
      default -> answer.accept("failed no request: " + request);
    }
  }

  private Optional<AgentState.Dead> find(String id) {
    return state.dead().stream().filter(dead -> dead.id().equals(id)).findFirst();
  }

  /** It stays set aside until it has ended well: the agent may die in it once more. */
  private void retry(AgentState.Dead dead, Consumer<String> answer) {
    run(
        dead.entry(),
        outcome -> {
          if (outcome.startsWith("ok")) {
            state.takeUp(dead.id());
          }
          answer.accept(outcome);
        });
  }

  private void run(String entry, Consumer<String> answer) {
    reader.entry(entry, found -> run(found, answer));
  }

  private void run(Optional<Journal.Entry> found, Consumer<String> answer) {
    if (found.isEmpty() || !(found.get().content() instanceof Journal.Recorded recorded)) {
      answer.accept("failed it is not in the journal any more");
      return;
    }
    if (recorded.withheld().isPresent()) {
      answer.accept("failed its payload was not recorded: " + recorded.withheld().get());
      return;
    }
    Channel channel;
    try {
      channel = Channel.parse(recorded.channel());
    } catch (IllegalArgumentException e) {
      answer.accept("failed its channel is none of an event");
      return;
    }
    Journal.Entry entry = found.get();
    Event event = new Event(entry.position().toString(), channel, recorded.payload(), entry.time());
    awaited.put(event, answer);
    switch (work.offer(event)) {
      case TAKEN -> {}
      case NOTHING -> notRun(event, NO_STEPS);
      case FULL -> end(event, "failed there is no room for it now; try again later");
    }
  }

  void ended(Event event, RunOutcome outcome) {
    end(
        event,
        (outcome.failed() ? "failed " : "ok ") + outcome.status() + " (" + outcome.code() + ")");
  }

  /** There is no run of it. */
  void notRun(Event event, String why) {
    end(event, "ok nothing: " + why);
  }

  private void end(Event event, String how) {
    Consumer<String> waits = awaited.remove(event);
    if (waits != null) {
      waits.accept(how);
    }
  }
}
