package org.nethserver.events.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.posix.Accounts;

final class StateDirectoriesTests {
  @TempDir Path directory;

  private Path base() {
    return directory.resolve("state");
  }

  private String refusal(String agent) {
    return assertThrows(IOException.class, () -> new StateDirectories(base()).of(agent))
        .getMessage()
        .replace(directory.toString(), "");
  }

  @Test
  void eachAgentHasADirectoryThatNobodyElseSees() throws IOException {
    StateDirectories states = new StateDirectories(base());
    Path first = states.of("module/traefik1");
    assertEquals(base().resolve("module+traefik1"), first);
    assertEquals(first, states.of("module/traefik1"), "the second time");
    assertEquals(base().resolve("module+a+..+b"), states.of("module/a/../b"));
    for (Path made : List.of(base(), first)) {
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    }
  }

  @Test
  void plantedLinkIsNotFollowed() throws IOException {
    Path target = Files.createDirectory(directory.resolve("target"));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
    new StateDirectories(base()).of("cluster");
    Files.createSymbolicLink(base().resolve("module+evil1"), target);
    Files.createSymbolicLink(base().resolve("module+evil2"), directory.resolve("nowhere"));
    assertEquals("/state/module+evil1 is no directory; take it away", refusal("module/evil1"));
    assertEquals("/state/module+evil2 is no directory; take it away", refusal("module/evil2"));
    assertEquals(List.of(), List.of(target.toFile().list()));
  }

  @Test
  void directoryThatOthersCanSeeOrOwnIsRefused() throws IOException {
    Path open = new StateDirectories(base()).of("module/a1");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertEquals("/state/module+a1 is open to others; run chmod 700", refusal("module/a1"));
    Files.setPosixFilePermissions(base(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertEquals("/state is open to others; run chmod 700", refusal("module/a2"));
    assumeTrue(Accounts.effectiveUser() == 0, "only root can make files of other users");
    Files.setPosixFilePermissions(base(), PosixFilePermissions.fromString("rwx------"));
    Path foreign = new StateDirectories(base()).of("module/a3");
    Files.setAttribute(foreign, "unix:uid", 61_234, LinkOption.NOFOLLOW_LINKS);
    assertEquals(
        "/state/module+a3 belongs to user 61234, not to this process's; run chown",
        refusal("module/a3"));
  }
}
