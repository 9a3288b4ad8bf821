package org.nethserver.events.agent.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Against the users that this system has. */
final class AccountsTests {
  @Test
  void everyUserOfTheSystemIsFoundAsTheFileHasIt() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/etc/passwd"));
    assertTrue(lines.size() > 1);
    for (String line : lines) {
      String[] fields = line.split(":", -1);
      Account account = Accounts.named(fields[0]).orElseThrow();
      assertEquals(
          line,
          "%s:%s:%s:%s:%s:%s:%s"
              .formatted(
                  account.name(),
                  fields[1],
                  Integer.toUnsignedString(account.uid()),
                  Integer.toUnsignedString(account.gid()),
                  fields[4],
                  account.home(),
                  account.shell()));
    }
  }

  @Test
  void groupsAreThoseThatTheUserIsIn() throws IOException {
    for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
      String[] user = line.split(":", -1);
      Set<Long> expected = new TreeSet<>(Set.of(Long.valueOf(user[3])));
      for (String group : Files.readAllLines(Path.of("/etc/group"))) {
        String[] fields = group.split(":", -1);
        if (Stream.of(fields[3].split(",", -1)).anyMatch(user[0]::equals)) {
          expected.add(Long.valueOf(fields[2]));
        }
      }
      assertEquals(
          expected,
          Accounts.named(user[0]).orElseThrow().groups().stream()
              .map(Integer::toUnsignedLong)
              .collect(Collectors.toCollection(TreeSet::new)),
          user[0]);
    }
  }

  @Test
  void unknownUserIsNoError() throws IOException {
    assertEquals(Optional.empty(), Accounts.named("no-such-user"));
    assertEquals(Optional.empty(), Accounts.named(""));
    assertEquals(Optional.empty(), Accounts.named("a\0b"));
  }

  @Test
  void effectiveUserIsThatOfTheKernel() throws IOException {
    String status =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("Uid:"))
            .findFirst()
            .orElseThrow();
    assertEquals(status.split("\\s+")[2], Integer.toUnsignedString(Accounts.effectiveUser()));
  }
}
