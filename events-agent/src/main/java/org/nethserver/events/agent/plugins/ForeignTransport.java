package org.nethserver.events.agent.plugins;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.nethserver.events.agent.run.ForeignFailure;
import org.nethserver.events.api.spi.EventSink;
import org.nethserver.events.api.spi.Transport;

/** A transport that a plugin provides: each call finds the plugin's own classes by its thread. */
record ForeignTransport(Transport transport, PluginCode code) implements Transport {
  @Override
  public String address() {
    return call(transport::address);
  }

  @Override
  public void subscribe(List<String> patterns, EventSink sink) {
    try {
      call(
          () -> {
            transport.subscribe(patterns, sink);
            return true;
          });
    } catch (Throwable e) {
      ForeignFailure.rethrowFatal(e);
      sink.unavailable(
          "the transport threw "
              + ForeignFailure.text(e)
              + "; mend its plugin and restart the agent");
    }
  }

  @Override
  public <C> Optional<C> capability(Class<C> capability) {
    return call(() -> transport.capability(capability));
  }

  @Override
  public void answer(Runnable reply) {
    call(
        () -> {
          transport.answer(reply);
          return true;
        });
  }

  @Override
  public void close() {
    call(
        () -> {
          transport.close();
          return true;
        });
  }

  private <T> T call(Callable<T> question) {
    try {
      return code.call(question);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e); // undeclared: whoever calls contains it
    }
  }
}
