package org.nethserver.events.agent.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.config.StepPlace;
import org.nethserver.events.agent.posix.Account;
import org.nethserver.events.agent.posix.Accounts;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.agent.settings.AgentDefinition;
import org.nethserver.events.agent.settings.AgentReader;
import org.nethserver.events.agent.settings.Users;
import org.nethserver.events.api.spi.AgentSettings.Trust;

/** A node below a directory, with files of real owners; only the name service is the test's. */
final class DiscoveryTests {
  private static final int FIRST_USER = 61_300;

  @TempDir Path root;

  private final Map<String, Account> users = new HashMap<>();
  private boolean nameServiceIsDown;
  private Discovery discovery;

  @BeforeEach
  void makeNode() throws IOException {
    assumeTrue(Accounts.effectiveUser() == 0, "only root can make files of other users");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(root.resolve("home"));
    Files.createDirectories(root.resolve("var/lib/nethserver"));
    discovery =
        new Discovery(
            root,
            new AgentReader.Defaults(
                Limits.DEFAULT, Trust.OWNER, Path.of("/image/plugins"), new NodeUsers()));
  }

  private final class NodeUsers implements Users {
    @Override
    public Optional<Account> account(String name) {
      throw new AssertionError("only known() is asked");
    }

    @Override
    public Optional<Account> known(String name) throws IOException {
      if (nameServiceIsDown) {
        throw new IOException("the name service fails with error 5");
      }
      return Optional.ofNullable(users.get(name));
    }

    @Override
    public boolean others() {
      return true;
    }
  }

  private Path rootfull(String name, String environment) throws IOException {
    Path state = Files.createDirectories(root.resolve("var/lib/nethserver/" + name + "/state"));
    return Files.writeString(state.resolve("agent.env"), environment);
  }

  private Path rootless(String name, String environment) throws IOException {
    Account user = user(name);
    Path state = Files.createDirectories(root.resolve("home/" + name + "/.config/state"));
    Path file = Files.writeString(state.resolve("agent.env"), environment);
    for (Path path = file; !path.endsWith("home"); path = path.getParent()) {
      own(path, user.uid());
    }
    return file;
  }

  private Account user(String name) {
    return users.computeIfAbsent(
        name,
        _ -> {
          int uid = FIRST_USER + users.size();
          return new Account(name, uid, uid, List.of(uid), Path.of("/home", name), "/bin/sh");
        });
  }

  private static void own(Path path, int uid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns what is complained of after a look more, as it stands. */
  private List<String> complaints() {
    discovery.look();
    return discovery.complaints().stream().map(text -> text.replace(root.toString(), "")).toList();
  }

  @Test
  void modulesOfUsersAndOfRootAreFoundWithTheirDirectories() throws IOException {
    rootless("traefik1", "REDIS_USER=module/traefik1\n");
    rootfull("samba1", "AGENT_ID=module/samba1\n");
    rootfull("cluster", "AGENT_ID=cluster\n");
    rootfull("node", "AGENT_ID=node/7\n");

    Map<String, AgentDefinition> found = discovery.look();

    assertEquals(Set.of("module/traefik1", "module/samba1", "cluster", "node/7"), found.keySet());
    Path config = root.resolve("home/traefik1/.config");
    assertEquals(
        new AgentDefinition(
            "module/traefik1",
            List.of(
                new StepPlace.Plugins(Path.of("/image/plugins")),
                new StepPlace.Plugins(config.resolve("plugins")),
                new StepPlace.Events(config.resolve("events"))),
            Trust.OWNER,
            Limits.DEFAULT,
            config.resolve("state"),
            Map.of("AGENT_INSTALL_DIR", config.toString()),
            List.of(root.resolve("etc/nethserver/agent.env"), config.resolve("state/agent.env")),
            Optional.of(user("traefik1")),
            true,
            true),
        found.get("module/traefik1"));
    assertEquals(Optional.empty(), found.get("module/samba1").user());
    assertEquals(
        root.resolve("var/lib/nethserver/samba1/state"),
        found.get("module/samba1").stateDirectory());
    assertEquals(List.of(), discovery.complaints());
  }

  @Test
  void halfMadeModuleIsWaitedForQuietly() throws IOException {
    Path state = Files.createDirectories(root.resolve("home/mail1/.config/state"));
    own(root.resolve("home/mail1"), FIRST_USER);
    Files.createDirectories(root.resolve("home/visitor"));
    Files.createDirectories(root.resolve("var/lib/nethserver/samba1/events"));
    rootfull("node", "PATH=/bin\n"); // the line with its id is still to come
    assertEquals(Map.of(), discovery.look());
    assertEquals(List.of(), complaints());
    // As "add-module" does: root's file first, which then is given to the user.
    Path file = Files.writeString(state.resolve("agent.env"), "A=b\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertEquals(Map.of(), discovery.look(), "its user is not there yet");
    user("mail1");
    assertEquals(Map.of(), discovery.look());
    assertEquals(List.of(), discovery.complaints(), "the first look");
    own(file, user("mail1").uid());
    assertTrue(discovery.stirred());
    assertEquals(Set.of("module/mail1"), discovery.look().keySet());
    assertEquals(List.of(), discovery.complaints());
  }

  @Test
  void nothingStirsWhereNothingHasChanged() throws IOException {
    Path file = rootless("traefik1", "A=b\n");
    rootfull("samba1", "");
    discovery.look();
    assertTrue(discovery.stirred(), "what is this young may change within a tick");
    awaitSettled();
    Files.writeString(file, "A=c\n");
    assertTrue(discovery.stirred());
    awaitSettled();
    rootfull("samba2", "");
    assertTrue(discovery.stirred());
    awaitSettled();
    Files.delete(file);
    assertTrue(discovery.stirred());
  }

  private void awaitSettled() {
    long deadline = System.nanoTime() + 20_000_000_000L;
    do {
      discovery.look();
      assertTrue(System.nanoTime() < deadline, "it never comes to rest");
    } while (discovery.stirred());
  }

  @Test
  void noModuleTakesTheIdOfAnother() throws IOException {
    rootless("evil1", "AGENT_ID=cluster\n");
    rootless("evil2", "AGENT_ID=module/traefik1\n");
    rootless("evil3", "AGENT_ID=node/1\n");
    rootless("cluster", "AGENT_ID=cluster\n");
    rootless("node", "AGENT_ID=node/1\n");
    rootless("traefik1", "A=b\n");
    assertEquals(Set.of("module/traefik1"), discovery.look().keySet());
    assertEquals(
        List.of(
            "/home/evil1/.config is not hosted: state/agent.env says AGENT_ID=\"cluster\", and by"
                + " its directory it is module/evil1; correct the line",
            "/home/evil2/.config is not hosted: state/agent.env says"
                + " AGENT_ID=\"module/traefik1\", and by its directory it is module/evil2; correct"
                + " the line",
            "/home/evil3/.config is not hosted: state/agent.env says AGENT_ID=\"node/1\", and by"
                + " its directory it is module/evil3; correct the line"),
        complaints());
    discovery.look();
    assertEquals(List.of(), discovery.complaints(), "told once");
  }

  @Test
  void homeOfTheSameNameAsRootsModuleDoesNotTakeItsPlace() throws IOException {
    rootfull("samba1", "A=b\n");
    rootless("samba1", "A=c\n");
    assertEquals(Optional.empty(), discovery.look().get("module/samba1").user());
    assertEquals(
        List.of(
            "/home/samba1/.config is not hosted: module/samba1 is there already, by"
                + " /var/lib/nethserver/samba1/state; remove one of them"),
        complaints());
  }

  @Test
  void linkInPlaceOfAFileOrDirectoryIsNotFollowed() throws IOException {
    Path secret = rootfull("cluster", "AGENT_ID=cluster\nREDIS_PASSWORD=secret\n");
    Path file = rootless("evil1", "");
    Files.delete(file);
    own(Files.createSymbolicLink(file, secret), user("evil1").uid());
    Path state = rootless("evil2", "").getParent();
    Files.delete(state.resolve("agent.env"));
    Files.delete(state);
    own(Files.createSymbolicLink(state, secret.getParent()), user("evil2").uid());
    assertEquals(Set.of("cluster"), discovery.look().keySet());
    List<String> complaints = complaints();
    assertEquals(2, complaints.size(), complaints::toString);
    assertTrue(complaints.get(0).contains("is a symbolic link, which is not followed"));
    assertTrue(
        complaints.get(1).contains("/home/evil2/.config/state on the way is not followed"),
        complaints::toString);
  }

  @Test
  void directoryThatBelongsToAnotherUserIsNoModule() throws IOException {
    Path file = rootless("mail1", "A=b\n");
    own(file.getParent(), user("other1").uid());
    assertFalse(discovery.look().containsKey("module/mail1"));
    assertTrue(complaints().getFirst().contains("belongs to user " + user("other1").uid()));
  }

  @Test
  void modulesStayWhileTheNameServiceIsDown() throws IOException {
    rootless("traefik1", "A=b\n");
    assertEquals(Set.of("module/traefik1"), discovery.look().keySet());
    nameServiceIsDown = true;
    assertEquals(Set.of("module/traefik1"), discovery.look().keySet());
    assertEquals(Set.of("module/traefik1"), discovery.look().keySet());
    assertTrue(complaints().isEmpty() || complaints().getFirst().contains("stays as it was"));
    nameServiceIsDown = false;
    users.clear();
    assertEquals(Set.of(), discovery.look().keySet(), "its user was deleted");
  }
}
