package org.nethserver.events.agent.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nethserver.events.agent.catalog.Catalog;
import org.nethserver.events.agent.text.ChannelGlobs;

final class WithholdingTests {
  private final Withholding withholding =
      new Withholding(Catalog.wellKnown().sensitive(), ChannelGlobs.of(List.of("vpn-*")));

  private Optional<String> why(String channel) {
    return withholding.apply(channel.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void loginOfASupportSessionIsASecretItsEndIsNot() {
    assertEquals(Optional.of("sensitive"), why("node/1/event/support-session-started"));
    assertEquals(Optional.empty(), why("node/1/event/support-session-stopped"));
  }

  @Test
  void secretIsOneWhoeverSendsIt() {
    assertEquals(Optional.of("sensitive"), why("\u00ff*/event/support-session-started"));
  }

  @Test
  void whatIsExcludedIsWithheld() {
    assertEquals(Optional.of("excluded"), why("cluster/event/vpn-changed"));
    assertEquals(Optional.empty(), why("cluster/event/vpn"));
  }
}
