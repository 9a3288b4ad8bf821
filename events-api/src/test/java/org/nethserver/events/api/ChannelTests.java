package org.nethserver.events.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ChannelTests {
  @Test
  void channelIsCutAtItsFirstSeparator() {
    // What follows a second one is no name, so it is refused rather than taken for a source.
    assertEquals(
        new Channel(new EventSource("module/a1"), new EventName("user-created")),
        Channel.parse("module/a1/event/user-created"));
    assertThrows(IllegalArgumentException.class, () -> Channel.parse("a/event/b/event/c"));
  }

  @Test
  void bytesAndTextAreReadAlike() {
    String channel = "node/1/event/disk-full";
    assertEquals(
        Channel.parse(channel), Channel.parse(channel.getBytes(StandardCharsets.US_ASCII)));
    assertEquals(channel, Channel.parse(channel).toString());
  }

  @Test
  void channelWithoutSeparatorIsNoneOfAnEvent() {
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> Channel.parse("module/a1/task/x"));
    assertEquals("the channel has no \"/event/\" between source and name", refusal.getMessage());
  }

  @Test
  void refusalOfHostileBytesDoesNotQuoteThem() {
    byte[] hostile = "a/event/\u001b[2J\n".getBytes(StandardCharsets.UTF_8);
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> Channel.parse(hostile));
    assertEquals("the event name has a character outside A-Z a-z 0-9 . _ -", refusal.getMessage());
  }
}
