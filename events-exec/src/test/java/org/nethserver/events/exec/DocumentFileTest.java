package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.spi.EventFile;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import org.nethserver.events.api.spi.StepUser;

/** Files beside the steps that are none. */
final class DocumentFileTest {
  private static final String NAME = "handler.json";

  @TempDir private Path root;
  private Scripts scripts;

  @BeforeEach
  void open() {
    scripts = new Scripts(root);
  }

  @AfterEach
  void close() {
    scripts.close();
  }

  private static Disposition.Document document(String content) {
    return new Disposition.Document(Payload.of(content));
  }

  @Test
  void itsContentIsGivenAsItIsNowWhateverItsMode() throws IOException {
    Path file = scripts.file(NAME, "first", "rw-r--r--");
    assertEquals(document("first"), scripts.disposition(NAME));
    Files.writeString(file, "other");
    assertEquals(document("other"), scripts.disposition(NAME));
    Scripts.chmod(file, "rwxr-xr-x");
    assertEquals(document("other"), scripts.disposition(NAME));
    scripts.file("validate-input.json", "", "rw-r--r--");
    assertEquals(document(""), scripts.disposition("validate-input.json"));
  }

  @Test
  void largestSizeIsRead() {
    String largest = "x".repeat(EventFile.MAX_SIZE);
    scripts.file(NAME, largest, "rw-r--r--");
    assertEquals(document(largest), scripts.disposition(NAME));
    scripts.file(NAME, largest + "x", "rw-r--r--");
    assertEquals("it is larger than 256 KiB; make it smaller", scripts.refusal(NAME));
  }

  @Test
  void linksLeadNowhereButToNothing() throws IOException {
    Path file = scripts.file(NAME, "{}", "rw-r--r--");
    Path target = Files.move(file, root.resolve("target"));
    Files.createSymbolicLink(file, target);
    assertEquals("it is a symbolic link; put the file itself there", scripts.refusal(NAME));
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/dev/null"));
    assertEquals(new Disposition.Masks(), scripts.disposition(NAME));
  }

  @Test
  void rulesOfTrustHold() {
    Path file = scripts.file(NAME, "{}", "rw-rw-rw-");
    assertEquals(
        "\"handler.json\" is writable by everyone (mode 0666); run chmod o-w",
        scripts.refusal(NAME));
    Scripts.chmod(file, "rw-------");
    assertEquals(document("{}"), scripts.disposition(NAME));
  }

  @Test
  void rootReadsForAUserWhatThatUserMayRead() throws IOException {
    assumeTrue(Posix.geteuid() == 0, "needs root: only root opens steps of another user");
    int uid = 64_001;
    Path file = scripts.file(NAME, "{}", "rw-------");
    try (Scripts others =
        new Scripts(root, new StepUser.Other("module1", uid, uid, List.of(uid)))) {
      assertEquals("it cannot be read by the agent's user; run chmod a+r", others.refusal(NAME));
      Files.setAttribute(file, "unix:uid", uid);
      assertEquals(document("{}"), others.disposition(NAME));
      Files.setAttribute(file, "unix:uid", 0);
      Scripts.chmod(file, "rw-r--r--");
      assertEquals(document("{}"), others.disposition(NAME));
    }
  }
}
