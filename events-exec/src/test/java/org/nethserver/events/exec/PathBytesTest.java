package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class PathBytesTest {
  @Test
  void everyByteOfAPathIsKept() {
    byte[] bytes = {'/', 't', (byte) 0xff, '%', ' ', (byte) 0xc3, (byte) 0xa4, '#'};
    assertArrayEquals(bytes, PathBytes.of(Path.of(URI.create("file:///t%FF%25%20%C3%A4%23"))));
  }

  @Test
  void directoryHasNoSlashAtItsEnd() {
    assertArrayEquals(ascii("/tmp"), PathBytes.of(Path.of("/tmp/")));
    assertArrayEquals(ascii("/"), PathBytes.of(Path.of("/")));
  }

  @Test
  void controlCharactersAreMadeVisible() {
    assertEquals("plain name", PathBytes.printable(ascii("plain name")));
    assertEquals("a\\x0ab\\x1b", PathBytes.printable(ascii("a\nb\u001b")));
    byte[] nextLine = {(byte) 0xc2, (byte) 0x85};
    assertEquals("\\x85", PathBytes.printable(nextLine));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
