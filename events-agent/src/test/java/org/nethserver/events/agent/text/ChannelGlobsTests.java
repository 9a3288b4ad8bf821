package org.nethserver.events.agent.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChannelGlobsTests {
  @ParameterizedTest
  @CsvSource({
    "user-*, module/samba1/event/user-created, true",
    "user-*, module/samba1/event/new-user-created, false",
    "user-created, module/samba1/event/user-created, true",
    "module/samba?/event/*, module/samba1/event/user-created, true",
    "module/samba?/event/*, module/samba12/event/user-created, false",
    "*/event/x.y, cluster/event/x.y, true",
    "*/event/x.y, cluster/event/xzy, false",
    "*, cluster/event/any, true",
    "*, cluster/other, false",
    "größe-*, cluster/event/größe-1, true"
  })
  void matchesWholeChannels(String glob, String channel, boolean matches) {
    ChannelGlobs globs = ChannelGlobs.of(List.of("never", glob));
    assertEquals(matches, globs.matches(channel.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void noGlobsMatchNothing() {
    assertEquals(false, ChannelGlobs.of(List.of()).matches(new byte[] {'a'}));
  }
}
