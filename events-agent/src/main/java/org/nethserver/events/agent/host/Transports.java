package org.nethserver.events.agent.host;

import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
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
}
