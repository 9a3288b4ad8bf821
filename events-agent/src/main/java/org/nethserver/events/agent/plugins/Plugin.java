package org.nethserver.events.agent.plugins;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.nethserver.events.agent.run.ForeignFailure;
import org.nethserver.events.api.spi.StepSource;
import org.nethserver.events.api.spi.TransportProvider;

/**
 * A plugin that is loaded: what it provides, and what is to be freed when nobody needs it any more.
 *
 * @param name its name
 * @param version its version, or an empty text
 * @param file where it lies
 * @param stamps its jars when they were read
 * @param modules the modules that provide something
 * @param code its classes
 * @param handlers its handlers
 * @param sources further sources of steps
 * @param transports transports
 * @param problems parts of it that cannot be used
 * @param staged the copies of its jars
 * @param use who needs it
 */
record Plugin(
    String name,
    String version,
    PluginFile file,
    List<FileStamp> stamps,
    Set<String> modules,
    PluginCode code,
    List<HandlerStep> handlers,
    List<StepSource> sources,
    List<TransportProvider> transports,
    List<PluginProblem> problems,
    Path staged,
    PluginUse use) {

  /** Closes what it holds, the last first, each whatever the others throw; then its copies go. */
  void close(Consumer<PluginProblem> onProblem) {
    for (StepSource source : sources.reversed()) {
      close(source, onProblem);
    }
    for (HandlerStep step : handlers.reversed()) {
      close(step.handler()::close, step.handler().getClass().getName(), onProblem);
    }
    Staging.delete(staged);
  }

  private void close(StepSource source, Consumer<PluginProblem> onProblem) {
    close(source::close, source.getClass().getName(), onProblem);
  }

  private void close(AutoCloseable part, String type, Consumer<PluginProblem> onProblem) {
    try {
      code.call(
          () -> {
            part.close();
            return true;
          });
    } catch (Throwable e) {
      ForeignFailure.rethrowFatal(e);
      onProblem.accept(Faults.thrown(type + ".close()", e).of(name, file.path()));
    }
  }

  /** Names the threads that its code has started and not ended. */
  List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread.getContextClassLoader() == code.loader()
                    || thread.getClass().getClassLoader() == code.loader())
        .map(thread -> "\"" + thread.getName() + "\"")
        .sorted()
        .toList();
  }

  /** Returns name and version, for people. */
  @Override
  public String toString() {
    return "\"" + name + "\"" + (version.isEmpty() ? "" : " " + version);
  }
}
