package org.nethserver.events.agent.host;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.Transport;
import org.nethserver.events.api.spi.TransportProvider;
import org.nethserver.events.api.spi.TransportSettings;

/** Opens transports by the scheme of their address. */
public final class Transports {
  private Transports() {}

  /**
   * Opens a transport with the provider that serves its address.
   *
   * @param settings the address and how to present oneself there
   * @return a transport that is not connected yet
   * @throws IllegalArgumentException if no provider serves the scheme, or the address cannot work
   */
  public static Transport open(TransportSettings settings) {
    return open(settings, (_, _) -> Optional.empty());
  }

  /**
   * Opens a transport, by a plugin where no provider of this installation serves its address.
   *
   * @param settings the address and how to present oneself there
   * @param plugins loads them; the transport's close closes them
   * @return a transport that is not connected yet
   * @throws IllegalArgumentException if nobody serves the scheme, or the address cannot work
   */
  public static Transport open(TransportSettings settings, Supplier<AgentSteps> plugins) {
    return open(settings, (wanted, known) -> ofPlugin(wanted, known, plugins.get()));
  }

  private static Optional<Transport> ofPlugin(
      TransportSettings settings, Set<String> known, AgentSteps plugins) {
    Optional<Transport> transport = Optional.empty();
    try {
      transport = plugins.transport(settings, known);
      return transport.map(opened -> new WithPlugins(opened, plugins));
    } finally {
      if (transport.isEmpty()) {
        plugins.close();
      }
    }
  }

  /**
   * Opens a transport with the provider that serves its address.
   *
   * @param settings the address and how to present oneself there
   * @param others asked where no provider of this installation serves it; adds the schemes that it
   *     knows
   * @return a transport that is not connected yet
   * @throws IllegalArgumentException if nobody serves the scheme, or the address cannot work
   */
  static Transport open(
      TransportSettings settings,
      BiFunction<TransportSettings, Set<String>, Optional<Transport>> others) {
    String scheme = String.valueOf(settings.address().getScheme()).toLowerCase(Locale.ROOT);
    TreeSet<String> known = new TreeSet<>();
    for (TransportProvider provider : ServiceLoader.load(TransportProvider.class)) {
      if (provider.schemes().contains(scheme)) {
        return provider.open(settings);
      }
      known.addAll(provider.schemes());
    }
    Optional<Transport> other = others.apply(settings, known);
    if (other.isPresent()) {
      return other.get();
    }
    throw new IllegalArgumentException(
        "no transport for \""
            + scheme
            + "://\" in "
            + settings.maskedAddress()
            + "; there is one for "
            + String.join(", ", known));
  }

  /** A transport that is all that its plugins were loaded for. */
  private record WithPlugins(Transport transport, AgentSteps plugins) implements Transport {
    @Override
    public String address() {
      return transport.address();
    }

    @Override
    public void subscribe(List<String> patterns, EventSink sink) {
      transport.subscribe(patterns, sink);
    }

    @Override
    public <C> Optional<C> capability(Class<C> capability) {
      return transport.capability(capability);
    }

    @Override
    public void answer(Runnable reply) {
      transport.answer(reply);
    }

    @Override
    public void close() {
      try {
        transport.close();
      } finally {
        plugins.close();
      }
    }
  }
}
