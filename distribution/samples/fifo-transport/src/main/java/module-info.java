/** A plugin that brings events: the agent chooses it by the scheme of an address. */
module org.example.fifo {
  requires org.nethserver.events.api;

  provides org.nethserver.events.api.spi.TransportProvider with
      org.example.fifo.FifoTransportProvider;
}
