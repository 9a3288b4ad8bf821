package org.nethserver.events.redis.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test its own {@link RedisServer}: as a parameter of a test it lives as long as that test,
 * of a constructor or {@code @BeforeAll} method as long as the class. Options come from {@link
 * RedisOptions}.
 */
public final class RedisExtension implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(RedisExtension.class);

  /** Called by JUnit. */
  public RedisExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == RedisServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    String[] options =
        parameter.findAnnotation(RedisOptions.class).map(RedisOptions::value).orElse(new String[0]);
    // The store closes what it holds, the last first, when the test or the class has ended.
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            parameter.getDeclaringExecutable() + " " + parameter.getIndex(),
            _ -> RedisServer.start(options),
            RedisServer.class);
  }
}
