package org.nethserver.events.agent.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.Payload;

final class PayloadArgumentTests {
  @TempDir private Path directory;

  @Test
  void isTheTextItself() throws IOException {
    assertEquals(Payload.of("{\"a\":\"\u00e9\"}"), read("{\"a\":\"\u00e9\"}"));
    assertEquals(Payload.EMPTY, read(""));
  }

  @Test
  void isAFileByteForByte() throws IOException {
    byte[] bytes = {0, (byte) 0xff, '\n'};
    Path file = Files.write(directory.resolve("payload"), bytes);
    assertArrayEquals(bytes, read("@" + file).bytes());
  }

  @Test
  void isStdinToItsEnd() throws IOException {
    Payload payload = PayloadArgument.read("-", new ByteArrayInputStream("{}\n".getBytes(UTF_8)));
    assertEquals(Payload.of("{}\n"), payload);
  }

  @Test
  void isRefusedBeyond28MebibytesWithoutReadingOn() throws IOException {
    Endless endless = new Endless();
    IOException refused = assertThrows(IOException.class, () -> PayloadArgument.read("-", endless));
    assertEquals(
        "stdin has more than 28 MiB, which Redis passes on to nobody; send less",
        refused.getMessage());
    assertEquals(PayloadArgument.MAX_BYTES + 1, endless.count);
  }

  @Test
  void saysWhyAFileCannotBeRead() {
    Path missing = directory.resolve("missing");
    assertEquals("file \"" + missing + "\" does not exist", failure("@" + missing));
    assertEquals(
        "file \"" + directory + "\" cannot be read: Is a directory", failure("@" + directory));
    assertEquals("file \"a\\x00b\" is no file name", failure("@a\0b"));
  }

  private static String failure(String argument) {
    return String.valueOf(assertThrows(IOException.class, () -> read(argument)).getMessage());
  }

  private static Payload read(String argument) throws IOException {
    return PayloadArgument.read(argument, InputStream.nullInputStream());
  }

  private static final class Endless extends InputStream {
    private int count;

    @Override
    public int read() {
      count++;
      return 'x';
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      count += length;
      return length;
    }
  }
}
