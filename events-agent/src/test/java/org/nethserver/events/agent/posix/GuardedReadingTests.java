package org.nethserver.events.agent.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traps that the owner of a directory can set for root, as real files of real users. */
@Timeout(30)
final class GuardedReadingTests {
  private static final int USER = 61_234;
  private static final int OTHER = 61_235;

  private final GuardedReading reading = new GuardedReading(USER, List.of(USER));

  @TempDir Path base;

  private Path home;
  private Path state;

  @BeforeEach
  void makeHome() throws IOException {
    assumeTrue(Accounts.effectiveUser() == 0, "only root can make files of other users");
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    home = own(Files.createDirectory(base.resolve("home")), USER);
    state = own(Files.createDirectory(home.resolve("state")), USER);
  }

  private static Path own(Path path, int user) throws IOException {
    Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
    return path;
  }

  private static Path write(Path path, String text, String permissions, int user)
      throws IOException {
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    return own(path, user);
  }

  private String refusal(Path file) {
    String message = assertThrows(IOException.class, () -> reading.read(file)).getMessage();
    return message.replace(base.toString(), "");
  }

  @Test
  void ownFileIsRead() throws IOException {
    Path file = write(state.resolve("environment"), "A=b\n", "rw-------", USER);
    assertEquals("A=b\n", new String(reading.read(file), UTF_8));
  }

  @Test
  void fileOfRootIsReadWhereTheUserMayReadItToo() throws IOException {
    Path file = write(state.resolve("environment"), "A=b\n", "rw-r--r--", 0);
    assertEquals("A=b\n", new String(reading.read(file), UTF_8));
  }

  @Test
  void linkToASecretIsNotFollowed() throws IOException {
    Path secret = write(base.resolve("shadow"), "root:secret\n", "rw-------", 0);
    Path link = own(Files.createSymbolicLink(state.resolve("environment"), secret), USER);
    assertEquals(
        "/home/state/environment is a symbolic link, which is not followed", refusal(link));
  }

  @Test
  void linkOnTheWayIsFollowedOnlyWhereRootAloneCouldMakeIt() throws IOException {
    Path secrets = Files.createDirectory(base.resolve("secrets"));
    write(secrets.resolve("environment"), "PASSWORD=x\n", "rw-r--r--", 0);
    own(Files.createSymbolicLink(home.resolve("swapped"), secrets), USER);
    assertEquals(
        "/home/swapped/environment: the link /home/swapped on the way is not followed: others than"
            + " root could make it",
        refusal(home.resolve("swapped/environment")));
    Path ofRoot = Files.createSymbolicLink(base.resolve("link"), Path.of("home/state"));
    Path file = write(state.resolve("environment"), "A=b\n", "rw-------", USER);
    assertEquals("A=b\n", new String(reading.read(ofRoot.resolve(file.getFileName())), UTF_8));
  }

  @Test
  void linksThatLeadInARingEnd() throws IOException {
    Files.createSymbolicLink(base.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(base.resolve("b"), Path.of("a"));
    assertTrue(refusal(base.resolve("a/file")).contains("on the way is not followed"));
  }

  @Test
  void secondNameOfASecretIsNotRead() throws IOException {
    Path secret = write(base.resolve("shadow"), "root:secret\n", "rw-------", 0);
    Files.createLink(state.resolve("environment"), secret);
    assertEquals(
        "/home/state/environment belongs to root, and its user may not read it; run chown",
        refusal(state.resolve("environment")));
  }

  @Test
  void secretOfRootIsReadInItsOwnPlace() throws IOException {
    Path file = write(base.resolve("agent.env"), "A=b\n", "rw-------", 0);
    assertEquals("A=b\n", new String(reading.read(file), UTF_8));
  }

  @Test
  void fileOfAnotherUserIsNotRead() throws IOException {
    Path file = write(state.resolve("environment"), "A=b\n", "rw-r--r--", OTHER);
    assertEquals("/home/state/environment belongs to user " + OTHER, refusal(file));
  }

  @Test
  void directoryOfAnotherUserIsNotPassed() throws IOException {
    write(state.resolve("environment"), "A=b\n", "rw-r--r--", USER);
    own(state, OTHER);
    assertEquals(
        "/home/state/environment: the directory "
            + "/home/state on the way belongs to user "
            + OTHER,
        refusal(state.resolve("environment")));
  }

  @Test
  void whatOthersCanChangeIsNotRead() throws IOException {
    Path file = write(state.resolve("environment"), "A=b\n", "rw-rw-rw-", USER);
    assertEquals("/home/state/environment is writable by everyone; run chmod o-w", refusal(file));
    write(file, "A=b\n", "rw-r--r--", USER);
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertTrue(
        refusal(file).endsWith("/home/state on the way is writable by everyone; run chmod o-w"));
  }

  @Test
  void pipeIsNotWaitedFor() throws IOException, InterruptedException {
    Path pipe = state.resolve("environment");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    own(pipe, USER);
    assertEquals("/home/state/environment is no regular file", refusal(pipe));
  }

  @Test
  void socketAndDirectoryAndDeviceAreNoFiles() throws IOException {
    Path socket = state.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      assertFalse(refusal(socket).isEmpty());
    }
    assertEquals("/home/state is no regular file", refusal(state));
    assertEquals("/dev/zero is no regular file", refusal(Path.of("/dev/zero")));
  }

  @Test
  void fileOfTenGigabytesIsNotRead() throws IOException {
    Path file = write(state.resolve("environment"), "A=b\n", "rw-r--r--", USER);
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(10L << 30);
    }
    assertEquals("/home/state/environment is larger than 1 MiB", refusal(file));
  }

  @Test
  void fileOfOneMebibyteIsReadWhole() throws IOException {
    Path file = write(state.resolve("environment"), "x".repeat(1 << 20), "rw-r--r--", USER);
    assertEquals(1 << 20, reading.read(file).length);
    Files.writeString(file, "x".repeat((1 << 20) + 1));
    assertEquals("/home/state/environment is larger than 1 MiB", refusal(file));
  }

  @Test
  void missingFileIsTold() {
    assertEquals("/home/state/none (No such file or directory)", refusal(state.resolve("none")));
    assertEquals("/home/none/x (No such file or directory)", refusal(home.resolve("none/x")));
  }

  @Test
  void noDescriptorIsLeftOpen() throws IOException {
    Path file = write(state.resolve("environment"), "A=b\n", "rw-------", USER);
    own(Files.createSymbolicLink(state.resolve("link"), file), USER);
    long before = descriptors();
    for (int i = 0; i < 200; i++) {
      reading.read(file);
      refusal(state.resolve("link"));
      refusal(state.resolve("none"));
      refusal(home.resolve("state/environment/x"));
    }
    assertTrue(descriptors() < before + 100, "descriptors leak");
  }

  private static long descriptors() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
