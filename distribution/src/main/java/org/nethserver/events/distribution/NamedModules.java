package org.nethserver.events.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.classfile.attribute.ModulePackagesAttribute;
import java.lang.classfile.attribute.ModuleRequireInfo;
import java.lang.constant.ClassDesc;
import java.lang.constant.ModuleDesc;
import java.lang.constant.PackageDesc;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Gives a descriptor to the libraries that have none: jlink takes no automatic modules.
 *
 * <p>Such a module is open and exports all its packages, as an automatic one does; what it requires
 * is said here, and nothing optional is.
 */
final class NamedModules {
  private record Descriptor(List<String> requires, List<String> uses) {}

  private static final Map<String, Descriptor> DESCRIPTORS =
      Map.of(
          "io.prometheus.metrics.config",
          new Descriptor(List.of(), List.of()),
          "io.prometheus.metrics.core",
          new Descriptor(
              List.of("io.prometheus.metrics.config", "io.prometheus.metrics.model"), List.of()),
          "io.prometheus.metrics.model",
          new Descriptor(List.of("io.prometheus.metrics.config"), List.of()),
          "io.prometheus.writer.text",
          new Descriptor(
              List.of("io.prometheus.metrics.config", "io.prometheus.metrics.model"), List.of()),
          "lettuce.core",
          new Descriptor(
              List.of(
                  "io.netty.buffer",
                  "io.netty.codec",
                  "io.netty.common",
                  "io.netty.handler",
                  "io.netty.resolver",
                  "io.netty.resolver.dns",
                  "io.netty.transport",
                  "io.netty.transport.unix.common",
                  "org.reactivestreams",
                  "org.slf4j",
                  "reactor.core"),
              List.of(
                  "io.lettuce.core.json.JsonParser",
                  "io.lettuce.core.support.http.HttpClientProvider")),
          "org.reactivestreams",
          new Descriptor(List.of(), List.of()),
          "reactor.core",
          new Descriptor(
              List.of("java.logging", "jdk.unsupported", "org.reactivestreams", "org.slf4j"),
              List.of()));

  private NamedModules() {}

  /**
   * Copies the jars of a module path; where one is automatic, the copy has a descriptor.
   *
   * @throws IOException if a jar cannot be copied, or is automatic and not known here
   */
  static void copy(List<Path> jars, Path directory) throws IOException {
    for (Path jar : jars) {
      ModuleReference module = ModuleFinder.of(jar).findAll().iterator().next();
      Path copy = directory.resolve(jar.getFileName());
      if (module.descriptor().isAutomatic()) {
        write(jar, module, copy);
      } else {
        Files.copy(jar, copy);
      }
    }
  }

  private static void write(Path jar, ModuleReference module, Path copy) throws IOException {
    String name = module.descriptor().name();
    Descriptor descriptor = DESCRIPTORS.get(name);
    if (descriptor == null) {
      throw new IOException(
          "\"" + name + "\" has no module descriptor (" + jar + "): say here what it requires");
    }
    try (JarFile from = new JarFile(jar.toFile());
        OutputStream file = Files.newOutputStream(copy);
        JarOutputStream to = new JarOutputStream(file)) {
      for (JarEntry entry : from.stream().filter(entry -> !entry.isDirectory()).toList()) {
        to.putNextEntry(new JarEntry(entry.getName()));
        try (InputStream content = from.getInputStream(entry)) {
          content.transferTo(to);
        }
      }
      to.putNextEntry(new JarEntry("module-info.class"));
      to.write(bytes(module, descriptor));
    }
  }

  private static byte[] bytes(ModuleReference module, Descriptor descriptor) {
    List<PackageDesc> packages =
        module.descriptor().packages().stream().sorted().map(PackageDesc::of).toList();
    ModuleAttribute attribute =
        ModuleAttribute.of(
            ModuleDesc.of(module.descriptor().name()),
            builder -> {
              builder.moduleFlags(ClassFile.ACC_OPEN);
              module.descriptor().rawVersion().ifPresent(builder::moduleVersion);
              builder.requires(
                  ModuleRequireInfo.of(ModuleDesc.of("java.base"), ClassFile.ACC_MANDATED, null));
              descriptor.requires().forEach(name -> builder.requires(ModuleDesc.of(name), 0, null));
              packages.forEach(name -> builder.exports(name, 0));
              descriptor.uses().forEach(name -> builder.uses(ClassDesc.of(name)));
            });
    return ClassFile.of()
        .buildModule(attribute, built -> built.with(ModulePackagesAttribute.ofNames(packages)));
  }
}
