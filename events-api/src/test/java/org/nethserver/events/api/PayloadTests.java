package org.nethserver.events.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PayloadTests {
  private static final byte[] BYTES = {'a', 0, (byte) 0xff, '\n'};

  @Test
  void payloadKeepsBytesThatAreNoText() throws IOException {
    Payload payload = Payload.of(BYTES);
    assertEquals(4, payload.size());
    assertArrayEquals(BYTES, payload.bytes());
    assertArrayEquals(BYTES, payload.stream().readAllBytes());
    assertEquals(ByteBuffer.wrap(BYTES), payload.buffer());
    assertEquals("a\0\uFFFD\n", payload.text());
  }

  @Test
  void payloadCannotBeChangedFromOutside() {
    byte[] given = BYTES.clone();
    Payload payload = Payload.of(given);
    given[0] = 'x';
    payload.bytes()[1] = 'x';
    assertArrayEquals(BYTES, payload.bytes());
    assertTrue(payload.buffer().isReadOnly());
  }

  @Test
  void payloadsOfTheSameBytesAreEqual() {
    assertEquals(Payload.of("é"), Payload.of(new byte[] {(byte) 0xc3, (byte) 0xa9}));
    assertEquals(
        Payload.of("é").hashCode(), Payload.wrap("é".getBytes(StandardCharsets.UTF_8)).hashCode());
    assertNotEquals(Payload.of("a"), Payload.of("b"));
    assertSame(Payload.EMPTY, Payload.of(""));
  }

  @Test
  void payloadIsNeverShown() {
    assertEquals("Payload[6 bytes]", Payload.of("secret").toString());
  }
}
