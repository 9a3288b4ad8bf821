package org.nethserver.events.agent.host;

import java.util.Set;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportProvider;
import org.nethserver.events.api.spi.TransportSettings;

/** What {@link FakeServices} has the ServiceLoader find. */
public final class ProvidedTransport implements TransportProvider {
  /** Does the work; set in the copy of this class that the ServiceLoader uses. */
  public static TransportProvider behind;

  @Override
  public Set<String> schemes() {
    return behind.schemes();
  }

  @Override
  public Transport open(TransportSettings settings) {
    return behind.open(settings);
  }
}
