package org.nethserver.events.agent.host;

import java.util.List;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.StepProvider;
import org.nethserver.events.api.spi.StepSource;

/** What {@link FakeServices} has the ServiceLoader find behind {@link ProvidedSteps}. */
public final class ProvidedLaterSteps implements StepProvider {
  /** Does the work; set in the copy of this class that the ServiceLoader uses. */
  public static StepProvider behind;

  @Override
  public List<StepSource> open(AgentSettings agent) {
    return behind.open(agent);
  }
}
