package org.nethserver.events.agent.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.run.ForeignFailure;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.StepProvider;
import org.nethserver.events.api.spi.StepSource;
import org.nethserver.events.api.spi.TransportProvider;

/** Makes a plugin of its jars: checks whose they are, copies them, and loads the copies. */
final class PluginLoader implements AutoCloseable {
  private final AgentSettings agent;
  private final Path base;
  private @Nullable Staging staging;
  private final Duration patience;
  private final Consumer<Plugin> whenUnused;
  private final Consumer<String> onStuck;

  /**
   * Makes a loader.
   *
   * @param agent the agent to load for
   * @param base where to make a private directory for copies
   * @param patience how long code of a plugin may take
   * @param whenUnused closes a plugin that nobody needs any more
   * @param onStuck hears of a call that was given up
   */
  PluginLoader(
      AgentSettings agent,
      Path base,
      Duration patience,
      Consumer<Plugin> whenUnused,
      Consumer<String> onStuck) {
    this.agent = agent;
    this.base = base;
    this.patience = patience;
    this.whenUnused = whenUnused;
    this.onStuck = onStuck;
  }

  /** Loads a plugin, with problems where a part of it cannot be used. */
  Plugin load(PluginFile file) throws PluginFailure {
    try {
      Path staged = staging().next();
      try {
        List<FileStamp> stamps = copy(file, staged);
        return load(file, stamps, staged);
      } catch (PluginFailure | IOException | RuntimeException e) {
        Staging.delete(staged);
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(e);
    } catch (RuntimeException e) {
      throw Faults.thrown("its loading", e);
    }
  }

  private Staging staging() throws PluginFailure {
    Staging open = staging;
    try {
      if (open == null) {
        open = Staging.open(base);
        staging = open;
      }
      return open;
    } catch (IOException e) {
      throw new PluginFailure(
          "no directory for copies of jars can be made in \"%s\" (%s)".formatted(base, e),
          "let RUNTIME_DIRECTORY name one that the agent's user may write",
          e);
    }
  }

  static PluginFailure unreadable(IOException e) {
    return new PluginFailure(
        "it cannot be read (%s: %s)".formatted(e.getClass().getSimpleName(), e.getMessage()),
        "mend the file, its mode or the link to it",
        e);
  }

  private List<FileStamp> copy(PluginFile file, Path staged) throws IOException, PluginFailure {
    // Equal stamps before and after: what was checked is what was copied.
    List<FileStamp> before = file.stamps();
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).isFile()) {
        // To open a FIFO would be to wait for who writes to it.
        throw new PluginFailure(
            "\"%s\" is no regular file".formatted(file.jars().get(i).getFileName()),
            "put a jar in its place");
      }
    }
    if (agent.trust() == Trust.OWNER) {
      checkTrust(file);
    }
    for (Path jar : file.jars()) {
      Staging.copy(jar, staged);
    }
    if (!file.stamps().equals(before)) {
      throw new PluginFailure(
          "it was changed while it was read", "reload the agent when it is complete");
    }
    return before;
  }

  private static void checkTrust(PluginFile file) throws IOException, PluginFailure {
    FileTrust trust = FileTrust.ofThisProcess();
    List<Path> paths = new ArrayList<>();
    paths.add(file.path());
    if (file.isDirectory()) {
      paths.addAll(file.jars());
    }
    for (Path path : paths) {
      Optional<FileTrust.Objection> objection = trust.entryObjection(path);
      if (objection.isPresent()) {
        throw new PluginFailure(objection.get().why(), objection.get().cure());
      }
    }
  }

  private Plugin load(PluginFile file, List<FileStamp> stamps, Path staged) throws PluginFailure {
    List<PluginJar> jars = new ArrayList<>();
    Set<String> modules = new HashSet<>();
    for (Path jar : file.jars()) {
      PluginJar read = PluginJar.read(staged.resolve(jar.getFileName()));
      jars.add(read);
      if (!modules.add(read.module())) {
        throw new PluginFailure(
            "two of its jars are the module \"%s\"".formatted(read.module()), "remove one of them");
      }
    }
    List<PluginJar> providing = jars.stream().filter(PluginLoader::provides).toList();
    if (providing.isEmpty()) {
      throw new PluginFailure(
          "it provides no %s, %s or %s"
              .formatted(
                  EventHandler.class.getSimpleName(),
                  StepProvider.class.getSimpleName(),
                  TransportProvider.class.getSimpleName()),
          "name the provider in its module-info.java (provides … with …) or in META-INF/services");
    }
    PluginCode code = PluginCode.define(jars);
    return TimedCall.within(
        patience,
        () -> provided(file, stamps, staged, providing, code),
        late -> late.use().release());
  }

  private static boolean provides(PluginJar jar) {
    return jar.descriptor().provides().stream()
        .anyMatch(
            provides ->
                provides.service().equals(EventHandler.class.getName())
                    || provides.service().equals(StepProvider.class.getName())
                    || provides.service().equals(TransportProvider.class.getName()));
  }

  private Plugin provided(
      PluginFile file,
      List<FileStamp> stamps,
      Path staged,
      List<PluginJar> providing,
      PluginCode code)
      throws PluginFailure {
    List<PluginFailure> failures = new ArrayList<>();
    AtomicReference<Plugin> made = new AtomicReference<>();
    PluginUse use = new PluginUse(() -> whenUnused.accept(made.get()));
    HandlerStep.Owner owner = new HandlerStep.Owner(file.name(), agent.id(), code, use, onStuck);
    Providers providers = new Providers(providing, code);
    List<HandlerStep> handlers = new ArrayList<>();
    for (EventHandler handler : providers.of(EventHandler.class, failures)) {
      try {
        handlers.add(HandlerStep.of(handler, owner));
      } catch (PluginFailure e) {
        failures.add(e);
      }
    }
    List<StepSource> sources = new ArrayList<>();
    for (StepProvider provider : providers.of(StepProvider.class, failures)) {
      try {
        sources.addAll(open(provider, code));
      } catch (PluginFailure e) {
        failures.add(e);
      }
    }
    List<TransportProvider> transports = providers.of(TransportProvider.class, failures);
    if (handlers.isEmpty() && sources.isEmpty() && transports.isEmpty() && !failures.isEmpty()) {
      throw failures.getFirst();
    }
    Plugin plugin =
        new Plugin(
            file.name(),
            providing.stream().flatMap(jar -> jar.version().stream()).findFirst().orElse(""),
            file,
            stamps,
            Set.copyOf(providing.stream().map(PluginJar::module).toList()),
            code,
            List.copyOf(handlers),
            List.copyOf(sources),
            List.copyOf(transports),
            failures.stream().map(failure -> failure.of(file.name(), file.path())).toList(),
            staged,
            use);
    made.set(plugin);
    return plugin;
  }

  private List<StepSource> open(StepProvider provider, PluginCode code) throws PluginFailure {
    try {
      return List.copyOf(code.call(() -> provider.open(agent)));
    } catch (Throwable e) {
      ForeignFailure.rethrowFatal(e);
      throw Faults.thrown(provider.getClass().getName() + ".open()", e);
    }
  }

  /** Removes all copies. */
  @Override
  public void close() {
    if (staging != null) {
      staging.close();
    }
  }
}
