package org.nethserver.events.agent.doctor;

import java.util.List;
import org.nethserver.events.api.spi.Finding;

/** One look at one thing. */
@FunctionalInterface
interface Examination {
  /**
   * Returns what was found.
   *
   * @throws Exception if it could not look; that is a finding as well
   */
  List<Finding> findings() throws Exception;
}
