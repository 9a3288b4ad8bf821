package org.nethserver.events.agent.worker;

import java.util.List;
import org.nethserver.events.agent.plugins.PluginReport;
import org.nethserver.events.api.Outcome;
import org.nethserver.events.api.spi.StepListener.Stream;

/** What a worker tells. Its user's code can make it tell anything. */
sealed interface FromWorker {
  /**
   * All is loaded, for the first time or anew.
   *
   * @param loading the number of this loading, from 1 on
   * @param changes what is in use now and was not before, and the other way round
   * @param report what is loaded, and what is not
   */
  record Loaded(int loading, List<String> changes, PluginReport report) implements FromWorker {}

  /** A call wrote a line. */
  record Output(long call, Stream stream, byte[] line) implements FromWorker {}

  /** A call ended. */
  record Ended(long call, Outcome outcome) implements FromWorker {}

  /** Something about a plugin that belongs to no call. */
  record Complaint(String text) implements FromWorker {}
}
