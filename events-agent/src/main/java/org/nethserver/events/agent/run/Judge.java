package org.nethserver.events.agent.run;

import java.util.function.Consumer;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Variables;

/**
 * Says what the policies of an agent make of its events. That may take a while: payloads are read,
 * and by schemas of whoever wrote the policy; so it is done away from the dispatch thread.
 */
public interface Judge {
  /** For agents that know no policies. */
  Judge NONE = (_, _, _, then) -> then.accept(Verdict.AS_EVER);

  /**
   * Judges an event. Called on the dispatch thread; verdicts come in the order of the calls, on
   * whichever thread.
   *
   * @param event the event
   * @param files what lies beside its steps
   * @param variables those of its steps
   * @param then gets the verdict, once, whatever happens
   */
  void judge(Event event, EventFiles files, Variables variables, Consumer<Verdict> then);
}
