package org.nethserver.events.redis.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** A test that is skipped, saying so, where redis-server is older. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresRedis.Condition.class)
public @interface RequiresRedis {
  /** Returns the oldest major version that will do. */
  int value();

  /** Called by JUnit. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      int wanted =
          AnnotationSupport.findAnnotation(context.getElement(), RequiresRedis.class)
              .map(RequiresRedis::value)
              .orElse(0);
      RedisBinary.Version found = RedisBinary.version();
      return found.isAtLeast(wanted)
          ? ConditionEvaluationResult.enabled("Redis " + found)
          : ConditionEvaluationResult.disabled("needs Redis " + wanted + ", found " + found);
    }
  }
}
