package org.nethserver.events.agent.run;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Variables;

/**
 * The way of an agent's events to its lanes. Most go straight on. Those with a policy are judged
 * before, and then run, wait for more of their kind, or are gone. Lives on the dispatch thread.
 */
final class Admission {
  private final Room room;
  private final Lanes lanes;
  private final Windows windows;
  private final Runnable whenGone;
  private RunContext context;

  /** What is being judged, in the order in which verdicts come. */
  private final Set<Event> judged = new LinkedHashSet<>();

  /** How many of each channel are. */
  private final Map<Channel, Integer> channels = new HashMap<>();

  private boolean stopped;
  private boolean finishing;

  /**
   * Makes the way.
   *
   * @param whenGone runs when an event will not run that had been taken
   */
  Admission(RunContext context, Room room, Lanes lanes, Runnable whenGone) {
    this.context = context;
    this.room = room;
    this.lanes = lanes;
    this.whenGone = whenGone;
    this.windows =
        new Windows(
            context.dispatcher(),
            room,
            (before, event) -> this.context.listener().superseded(before, event),
            lanes::add);
  }

  /** Judges by another context from now on. */
  void use(RunContext next) {
    context = next;
  }

  /** Takes the event, now or later; false if there is no room for it. Forgets it once stopped. */
  boolean take(Event event, Handling handling) {
    if (stopped) {
      return true;
    }
    // An event does not overtake others of its channel, whatever becomes of their policy.
    if (handling.files().isEmpty() && !channels.containsKey(event.channel())) {
      return lanes.take(event, handling.steps());
    }
    if (!room.admits(event)) {
      return false;
    }
    room.hold(event);
    judged.add(event);
    channels.merge(event.channel(), 1, Integer::sum);
    // A missing file is told when the event runs.
    Variables variables = context.environment().variables(event, _ -> {});
    context
        .judge()
        .judge(
            event,
            handling.files(),
            variables,
            verdict -> context.dispatcher().execute(() -> judged(event, verdict)));
    return true;
  }

  private void judged(Event event, Verdict verdict) {
    if (!judged.remove(event)) {
      return; // stopped in the meantime
    }
    channels.computeIfPresent(event.channel(), (_, count) -> count > 1 ? count - 1 : null);
    room.letGo(event);
    switch (verdict) {
      case Verdict.Filtered filtered -> {
        context.listener().filtered(event, filtered.why());
        whenGone.run();
      }
      case Verdict.Invalid invalid -> {
        context.listener().invalid(event, invalid.why(), false);
        whenGone.run();
      }
      case Verdict.Runs runs -> {
        runs.objection().ifPresent(why -> context.listener().invalid(event, why, true));
        if (runs.policy().coalesce().isPresent() && !finishing) {
          windows.put(event, runs.key(), runs.policy(), runs.policy().coalesce().get());
        } else {
          lanes.add(event, runs.policy());
        }
      }
    }
  }

  /** Returns events that wait here. */
  Stream<Event> waiting() {
    return Stream.concat(judged.stream(), windows.waiting());
  }

  /** Lets no event wait for others any more. */
  void finish() {
    finishing = true;
    windows.closeAll();
  }

  /** Forgets what is on its way. */
  void stop() {
    stopped = true;
    judged.forEach(room::letGo);
    judged.clear();
    channels.clear();
    windows.clear();
  }
}
