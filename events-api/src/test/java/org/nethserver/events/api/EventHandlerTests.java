package org.nethserver.events.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class EventHandlerTests {
  private static final class Smallest implements EventHandler {
    @Override
    public String step() {
      return "30index";
    }

    @Override
    public Set<String> events() {
      return Set.of("user-*");
    }

    @Override
    public HandlerResult handle(Event event, HandlerContext context) {
      return HandlerResult.success();
    }
  }

  @Test
  void handlerAnswersAllSourcesUnlessItSaysOtherwise() {
    assertEquals(Set.of("*"), new Smallest().sources());
  }

  @Test
  void handlerThatHoldsNothingNeedNoClose() {
    assertDoesNotThrow(new Smallest()::close);
  }
}
