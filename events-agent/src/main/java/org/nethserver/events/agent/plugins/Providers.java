package org.nethserver.events.agent.plugins;

import java.lang.module.ModuleDescriptor.Provides;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.run.ForeignFailure;

/** Makes the providers of a plugin, each by itself: one that fails keeps no other from its work. */
final class Providers {
  private final List<PluginJar> jars;
  private final PluginCode code;

  Providers(List<PluginJar> jars, PluginCode code) {
    this.jars = jars;
    this.code = code;
  }

  /** Makes all providers of a service, and adds a failure for each that cannot be made. */
  <S> List<S> of(Class<S> service, List<PluginFailure> failures) {
    List<S> providers = new ArrayList<>();
    for (PluginJar jar : jars) {
      for (Provides provides : jar.descriptor().provides()) {
        if (provides.service().equals(service.getName())) {
          for (String type : provides.providers()) {
            try {
              providers.add(make(service, jar, type));
            } catch (PluginFailure e) {
              failures.add(e);
            }
          }
        }
      }
    }
    return providers;
  }

  private <S> S make(Class<S> service, PluginJar jar, String name) throws PluginFailure {
    try {
      Class<?> type = code.load(jar, name);
      Object made = code.call(() -> make(type));
      if (!service.isInstance(made)) {
        throw new PluginFailure(
            "the provider %s is no %s".formatted(name, service.getSimpleName()),
            PluginFailure.MEND);
      }
      return service.cast(made);
    } catch (PluginFailure e) {
      throw e;
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause() == null ? e : e.getCause();
      ForeignFailure.rethrowFatal(thrown);
      throw Faults.thrown("the constructor of " + name, thrown);
    } catch (ClassNotFoundException e) {
      throw new PluginFailure(
          "the provider %s is not in \"%s\"".formatted(name, jar.path().getFileName()),
          PluginFailure.MEND,
          e);
    } catch (Throwable e) {
      ForeignFailure.rethrowFatal(e);
      throw Faults.thrown("the provider " + name, e);
    }
  }

  private static Object make(Class<?> type) throws ReflectiveOperationException, PluginFailure {
    Optional<Method> method = providerMethod(type);
    if (method.isPresent()) {
      return method.get().invoke(null);
    }
    try {
      if (Modifier.isPublic(type.getModifiers()) && !Modifier.isAbstract(type.getModifiers())) {
        return type.getConstructor().newInstance();
      }
    } catch (NoSuchMethodException e) {
      // Said below.
    }
    throw new PluginFailure(
        "the provider %s is no public class with a public constructor without parameters"
            .formatted(type.getName()),
        "make both public");
  }

  /** As the service loader has it: in modules alone. */
  private static Optional<Method> providerMethod(Class<?> type) {
    if (!type.getModule().isNamed() || !Modifier.isPublic(type.getModifiers())) {
      return Optional.empty();
    }
    try {
      Method method = type.getMethod("provider");
      return Modifier.isStatic(method.getModifiers()) ? Optional.of(method) : Optional.empty();
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    }
  }
}
