package org.nethserver.events.agent.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nethserver.events.agent.catalog.Catalog;

final class NearestNamesTests {
  private final Catalog catalog = Catalog.wellKnown();

  @ParameterizedTest
  @CsvSource({
    "module-aded, module-added",
    "modul-removed, module-removed",
    "user-domian-changed, user-domain-changed",
    "smarthost-updated, smarthost-changed",
    "mail-setting-changed, mail-settings-changed",
    "user-domain, user-domain-changed"
  })
  void beginWithTheOneMeant(String wanted, String meant) {
    assertEquals(meant, catalog.nearest(wanted).getFirst());
  }

  @Test
  void areNoneForSomethingElse() {
    assertEquals(List.of(), catalog.nearest("frobnicator"));
    assertEquals(List.of(), catalog.nearest("x".repeat(100_000)));
  }

  @Test
  void areThreeAtMost() {
    assertEquals(3, catalog.nearest("metrics-changed").size());
  }
}
