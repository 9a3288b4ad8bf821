import org.jspecify.annotations.NullMarked;

/**
 * The agent and the commands around it: it routes the events that a transport brings to the steps
 * that its sources name.
 *
 * <p>Exports nothing, and knows transports and kinds of steps by their services alone. It calls the
 * C library and needs {@code --enable-native-access=org.nethserver.events.agent}.
 */
@NullMarked
@SuppressWarnings("requires-automatic") // Prometheus' client; the image gives it descriptors
module org.nethserver.events.agent {
  requires com.networknt.schema;
  requires info.picocli;
  requires io.prometheus.metrics.config;
  requires io.prometheus.metrics.core;
  requires io.prometheus.metrics.model;
  requires io.prometheus.writer.text;
  requires jdk.unsupported; // sun.misc.Signal: SIGUSR1 and a death by SIGTERM itself
  requires org.apache.logging.log4j;
  requires org.nethserver.events.api;
  requires static org.jspecify;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  opens org.nethserver.events.agent.catalog to
      info.picocli;
  opens org.nethserver.events.agent.command to
      info.picocli;

  uses org.nethserver.events.api.spi.StepProvider;
  uses org.nethserver.events.api.spi.TransportProvider;

  provides java.lang.System.LoggerFinder with
      org.nethserver.events.agent.log.PlatformLoggers;
  provides org.apache.logging.log4j.spi.Provider with
      org.nethserver.events.agent.log.LibraryLoggers;
}
