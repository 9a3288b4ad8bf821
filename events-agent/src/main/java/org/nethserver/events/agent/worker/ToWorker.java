package org.nethserver.events.agent.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.StepRun;

/** What a worker is told. */
sealed interface ToWorker {
  /**
   * The first message: what to load, and the bounds of calls.
   *
   * @param agent the agent's id
   * @param trust which files may be loaded
   * @param directories where plugins are, the later winning
   * @param places how many calls there are at once
   * @param limit how long a call may take; zero for no limit
   */
  record Begin(String agent, Trust trust, List<Path> directories, int places, Duration limit)
      implements ToWorker {}

  /** Load what has changed, and tell what is there then: {@link FromWorker.Loaded}. */
  record Reload() implements ToWorker {}

  /**
   * Nobody will start steps of a loading any more.
   *
   * @param loading its number
   */
  record Release(int loading) implements ToWorker {}

  /**
   * Call a handler.
   *
   * @param call the call's number, by which later messages name it
   * @param loading the number of the loading that told of the handler; what is loaded now if the
   *     worker knows no such one, since an earlier worker told it
   * @param directory the directory of its plugin
   * @param step the name of its step
   * @param run what to call it with
   */
  record Start(long call, int loading, Path directory, byte[] step, StepRun run)
      implements ToWorker {}

  /**
   * End a call: interrupt it, and give it up when the grace is over.
   *
   * @param call its number
   * @param grace zero to give it up at once
   */
  record Stop(long call, Duration grace) implements ToWorker {}
}
