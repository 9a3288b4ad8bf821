package org.nethserver.events.agent.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PastTenseTests {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "user-created",
        "mail-sent",
        "sync-begun",
        "node-lost",
        "image-built",
        "copy-done",
        "backup-made",
        "limit-set",
        "line-cut",
        "cache-rebuilt",
        "config-overridden",
        "mail-resent",
        "user-logged-in",
        "node-shut-down",
        "change-rolled-back",
        "key-bound",
        "key-unbound",
        "password-forgotten",
        "terms-agreed",
        "space-freed",
        "job-run",
        "host-denied",
        "used"
      })
  void isFound(String name) {
    assertTrue(PastTense.endsName(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module-start",
        "user-create",
        "user-creating",
        "change",
        "disk-speed",
        "rss-feed",
        "need",
        "led-red",
        "file-embed",
        "login",
        "setup",
        "in",
        "user-creation",
        "hundred",
        "bed",
        "shutdown",
        "succeed"
      })
  void isMissed(String name) {
    assertFalse(PastTense.endsName(name));
  }

  @ParameterizedTest
  @CsvSource({
    "module-start, module-started",
    "module-stops, module-stopped",
    "module-stopping, module-stopped",
    "user-create, user-created",
    "user-creating, user-created",
    "user-removal, user-removed",
    "mail-send, mail-sent",
    "deploy, deployed",
    "write-deny, write-denied",
    "node-shutdown, node-shut-down",
    "disk-refreshes, disk-refreshed"
  })
  void isSuggestedForKnownVerbs(String name, String past) {
    assertEquals(Optional.of(past), PastTense.suggest(name));
    assertTrue(PastTense.endsName(past));
  }
}
