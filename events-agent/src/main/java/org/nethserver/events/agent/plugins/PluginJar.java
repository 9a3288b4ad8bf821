package org.nethserver.events.agent.plugins;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.nethserver.events.api.EventHandler;

/**
 * A jar of a plugin, and what it says of itself. A plain jar is read as an automatic module: its
 * name comes from the file's, its providers from {@code META-INF/services}.
 *
 * @param path the copy that is loaded
 * @param descriptor its module
 * @param manifestVersion what its manifest says, or empty
 */
record PluginJar(Path path, ModuleDescriptor descriptor, String manifestVersion) {
  private static final String API = EventHandler.class.getModule().getName();
  private static final String API_PACKAGE = EventHandler.class.getPackageName();

  /** Reads a copy. */
  static PluginJar read(Path copy) throws PluginFailure {
    String version = manifestVersion(copy);
    ModuleDescriptor descriptor;
    try {
      descriptor = ModuleFinder.of(copy).findAll().iterator().next().descriptor();
    } catch (FindException e) {
      throw Faults.unreadable(copy, e);
    }
    if (descriptor.name().equals(API)
        || descriptor.packages().stream().anyMatch(PluginJar::isApiPackage)) {
      throw new PluginFailure(
          "\"%s\" holds the events API itself, whose types would be others than the agent's"
              .formatted(copy.getFileName()),
          "leave " + API + " out (in Maven: <scope>provided</scope>)");
    }
    return new PluginJar(copy, descriptor, version);
  }

  private static boolean isApiPackage(String name) {
    return name.equals(API_PACKAGE) || name.startsWith(API_PACKAGE + ".");
  }

  private static String manifestVersion(Path copy) throws PluginFailure {
    try (JarFile jar = new JarFile(copy.toFile())) {
      Manifest manifest = jar.getManifest();
      String version =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
      return version == null ? "" : version;
    } catch (IOException e) {
      throw new PluginFailure(
          "\"%s\" is no jar, or only a part of one (%s)"
              .formatted(copy.getFileName(), e.getMessage()),
          "copy it there anew, best under another name and then renamed",
          e);
    }
  }

  String module() {
    return descriptor.name();
  }

  /** Tells whether it is a jar without {@code module-info.class}. */
  boolean isPlain() {
    return descriptor.isAutomatic();
  }

  /** Returns its version, as its module, its file name or its manifest say. */
  Optional<String> version() {
    return descriptor
        .rawVersion()
        .or(() -> Optional.of(manifestVersion).filter(version -> !version.isEmpty()));
  }
}
