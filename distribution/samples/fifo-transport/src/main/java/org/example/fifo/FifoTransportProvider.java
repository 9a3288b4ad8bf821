package org.example.fifo;

import java.nio.file.Path;
import java.util.Set;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportProvider;
import org.nethserver.events.api.spi.TransportSettings;

/** Serves addresses such as {@code fifo:///run/events}. */
public final class FifoTransportProvider implements TransportProvider {
  @Override
  public Set<String> schemes() {
    return Set.of("fifo");
  }

  @Override
  public Transport open(TransportSettings settings) {
    String path = settings.address().getPath();
    if (path == null || path.length() < 2) {
      throw new IllegalArgumentException(
          "\"" + settings.maskedAddress() + "\" names no FIFO; write fifo:///PATH");
    }
    return new FifoTransport(Path.of(path));
  }
}
