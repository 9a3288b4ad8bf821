package org.nethserver.events.agent.plugins;

import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.nethserver.events.api.EventHandler;

/**
 * The classes of one plugin, behind a class loader of its own: the JDK and the events API are
 * shared, and of any other library it may bring its own version.
 *
 * <p>Modules get a layer. A plugin with a plain jar gets a class path instead: the module system
 * lets an automatic module read all that the image has, and so refuses one that brings, say, its
 * own Jackson beside that of the image.
 */
sealed interface PluginCode {
  /** Returns the plugin's class loader. */
  ClassLoader loader();

  /** Loads a provider's class, so that it can be reached by reflection from here. */
  Class<?> load(PluginJar jar, String provider) throws ClassNotFoundException;

  /** Makes the classes of some jars loadable. */
  static PluginCode define(List<PluginJar> jars) throws PluginFailure {
    return jars.stream().anyMatch(PluginJar::isPlain) ? ClassPath.of(jars) : Layer.of(jars);
  }

  /** Calls code of the plugin, which may look for its own classes by the thread. */
  default <T> T call(Callable<T> code) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader());
    try {
      return code.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /**
   * Modules.
   *
   * @param loader the loader of all of them
   * @param controller what may open them to us
   */
  record Layer(ClassLoader loader, ModuleLayer.Controller controller) implements PluginCode {
    static Layer of(List<PluginJar> jars) throws PluginFailure {
      for (PluginJar jar : jars) {
        checkRequirements(jar, jars);
      }
      ModuleLayer boot = ModuleLayer.boot();
      List<String> names = jars.stream().map(PluginJar::module).toList();
      ModuleFinder finder =
          ModuleFinder.of(jars.stream().map(PluginJar::path).toArray(Path[]::new));
      try {
        Configuration configuration =
            boot.configuration().resolve(finder, ModuleFinder.of(), names);
        ModuleLayer.Controller controller =
            ModuleLayer.defineModulesWithOneLoader(
                configuration, List.of(boot), new SharedClasses());
        return new Layer(controller.layer().findLoader(names.getFirst()), controller);
      } catch (FindException | ResolutionException | LayerInstantiationException e) {
        throw Faults.unresolvable(e);
      }
    }

    /** The agent's own libraries are there as well, and would be found; they change as it likes. */
    private static void checkRequirements(PluginJar jar, List<PluginJar> jars)
        throws PluginFailure {
      for (ModuleDescriptor.Requires requires : jar.descriptor().requires()) {
        boolean known =
            requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC)
                || jars.stream().anyMatch(other -> other.module().equals(requires.name()))
                || isShared(requires.name());
        if (!known) {
          throw Faults.missing(jar.module(), requires.name());
        }
      }
    }

    private static boolean isShared(String module) {
      return ModuleLayer.boot().findModule(module).isPresent()
          && (module.startsWith("java.")
              || module.startsWith("jdk.")
              || module.equals(EventHandler.class.getModule().getName()));
    }

    @Override
    public Class<?> load(PluginJar jar, String provider) throws ClassNotFoundException {
      Module module = controller.layer().findModule(jar.module()).orElseThrow();
      Class<?> type = Class.forName(module, provider);
      if (type == null) {
        throw new ClassNotFoundException(provider);
      }
      controller.addExports(module, type.getPackageName(), PluginCode.class.getModule());
      return type;
    }
  }

  /**
   * Jars without modules.
   *
   * @param loader the loader of all of them
   */
  record ClassPath(ClassLoader loader) implements PluginCode {
    static ClassPath of(List<PluginJar> jars) {
      List<URL> urls = new ArrayList<>();
      for (PluginJar jar : jars) {
        try {
          urls.add(jar.path().toUri().toURL());
        } catch (MalformedURLException e) {
          throw new IllegalStateException("a file without address: " + jar.path(), e);
        }
      }
      return new ClassPath(new URLClassLoader(urls.toArray(URL[]::new), new SharedClasses()));
    }

    @Override
    public Class<?> load(PluginJar jar, String provider) throws ClassNotFoundException {
      return Class.forName(provider, false, loader);
    }
  }

  /** Of the image's classes, those that plugins share: the JDK's and the API's. */
  final class SharedClasses extends ClassLoader {
    private static final ClassLoader OWN = PluginCode.class.getClassLoader();
    private static final String API = EventHandler.class.getPackageName() + ".";

    SharedClasses() {
      super("events-api", ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(API)) {
        return EventHandler.class.getClassLoader().loadClass(name);
      }
      Class<?> type = super.loadClass(name, resolve);
      // The JDK's loaders share what they know of modules: the platform's finds our libraries too.
      if (OWN.equals(type.getClassLoader())) {
        throw new ClassNotFoundException(name);
      }
      return type;
    }
  }
}
