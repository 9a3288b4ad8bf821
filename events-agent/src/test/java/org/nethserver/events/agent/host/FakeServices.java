package org.nethserver.events.agent.host;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.nethserver.events.api.spi.StepProvider;
import org.nethserver.events.api.spi.TransportProvider;

/**
 * Lets this thread's ServiceLoader find services of the test's. Classes of the agent's own module
 * would not do: its descriptor provides nothing. So copies of two classes are made outside it.
 */
public final class FakeServices implements AutoCloseable {
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  /** Provides both until it is closed. */
  public FakeServices(StepProvider steps, TransportProvider transports) {
    this(steps, _ -> List.of(), transports);
  }

  /** Provides two kinds of steps, which are opened in this order. */
  FakeServices(StepProvider steps, StepProvider laterSteps, TransportProvider transports) {
    Loader loader =
        new Loader(
            FakeServices.class.getClassLoader(),
            Map.of(
                StepProvider.class.getName(),
                List.of(ProvidedSteps.class, ProvidedLaterSteps.class),
                TransportProvider.class.getName(),
                List.of(ProvidedTransport.class)));
    try {
      loader.loadClass(ProvidedSteps.class.getName()).getField("behind").set(null, steps);
      loader.loadClass(ProvidedLaterSteps.class.getName()).getField("behind").set(null, laterSteps);
      loader.loadClass(ProvidedTransport.class.getName()).getField("behind").set(null, transports);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    Thread.currentThread().setContextClassLoader(loader);
  }

  @Override
  public void close() {
    Thread.currentThread().setContextClassLoader(before);
  }

  private static final class Loader extends ClassLoader {
    private final Map<String, List<Class<?>>> services;

    Loader(ClassLoader parent, Map<String, List<Class<?>>> services) {
      super(parent);
      this.services = services;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      for (List<Class<?>> providers : services.values()) {
        for (Class<?> original : providers) {
          if (original.getName().equals(name)) {
            return copy(original);
          }
        }
      }
      return super.loadClass(name, resolve);
    }

    private Class<?> copy(Class<?> original) throws ClassNotFoundException {
      try (InputStream file = original.getResourceAsStream(original.getSimpleName() + ".class")) {
        byte[] bytes = file.readAllBytes();
        return defineClass(original.getName(), bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(original.getName(), e);
      }
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      List<Class<?>> providers = services.get(name.replaceFirst("^META-INF/services/", ""));
      return providers == null
          ? super.getResources(name)
          : Collections.enumeration(
              Collections.singleton(
                  url(providers.stream().map(Class::getName).collect(Collectors.joining("\n")))));
    }

    private static URL url(String content) throws IOException {
      return URL.of(
          URI.create("memory:providers"),
          new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL url) {
              return new URLConnection(url) {
                @Override
                public void connect() {}

                @Override
                public InputStream getInputStream() {
                  return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
                }
              };
            }
          });
    }
  }
}
