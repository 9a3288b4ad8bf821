package org.nethserver.events.agent.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks users up by the C library, and with it by all that the system's name service knows: files,
 * LDAP and the like. So a look-up may take its time.
 *
 * <p>Threads: platform threads, not the dispatch thread.
 */
public final class Accounts {
  /** Errors by which the library may say that there is no such user: ENOENT, ESRCH and others. */
  private static final Set<Integer> NOBODY = Set.of(1, 2, 3, 9);

  private static final int ERANGE = 34;

  /** Entries in a name service are short; beyond it something is wrong. */
  private static final int MAX_ENTRY = 1 << 20;

  private static final int MAX_GROUPS = 65_536;

  // The layout of struct passwd, of both C libraries and of all 64-bit systems.
  private static final int UID = 16;
  private static final int GID = 20;
  private static final int HOME = 32;
  private static final int SHELL = 40;
  private static final int PASSWD = 48;

  private Accounts() {}

  /** Returns the number of the user that this process is. */
  public static int effectiveUser() {
    return SystemCalls.geteuid();
  }

  /**
   * Looks a user up.
   *
   * @throws IOException if the name service cannot say; the message says why
   */
  public static Optional<Account> named(String name) throws IOException {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    for (int size = 1024; size <= MAX_ENTRY; size *= 4) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment text = arena.allocateFrom(name);
        MemorySegment entry = arena.allocate(PASSWD, 8);
        MemorySegment result = arena.allocate(ADDRESS);
        int error = SystemCalls.getpwnam(text, entry, arena.allocate(size), result);
        if (error == ERANGE) {
          continue;
        }
        if (error == 0 && result.get(JAVA_LONG, 0) != 0) {
          return Optional.of(account(name, entry, groups(arena, text, entry)));
        }
        if (error == 0 || NOBODY.contains(error)) {
          return Optional.empty();
        }
        throw new IOException("the name service fails with error " + error);
      }
    }
    throw new IOException("the name service answers with more than 1 MiB");
  }

  private static Account account(String name, MemorySegment entry, List<Integer> groups) {
    return new Account(
        name,
        entry.get(JAVA_INT, UID),
        entry.get(JAVA_INT, GID),
        groups,
        Path.of(string(entry, HOME)),
        string(entry, SHELL));
  }

  @SuppressWarnings("restricted") // the library ends each string that it points to by a NUL
  private static String string(MemorySegment entry, int offset) {
    MemorySegment pointer = entry.get(ADDRESS, offset);
    return pointer.address() == 0
        ? ""
        : pointer.reinterpret(MAX_ENTRY).getString(0, StandardCharsets.UTF_8);
  }

  private static List<Integer> groups(Arena arena, MemorySegment name, MemorySegment entry)
      throws IOException {
    int group = entry.get(JAVA_INT, GID);
    MemorySegment count = arena.allocate(JAVA_INT);
    for (int room = 64; room <= MAX_GROUPS; room *= 4) {
      MemorySegment list = arena.allocate(JAVA_INT, room);
      count.set(JAVA_INT, 0, room);
      if (SystemCalls.getgrouplist(name, group, list, count) >= 0) {
        List<Integer> groups = new ArrayList<>();
        for (int i = 0; i < count.get(JAVA_INT, 0); i++) {
          groups.add(list.getAtIndex(JAVA_INT, i));
        }
        return groups;
      }
    }
    throw new IOException("the user has more than " + MAX_GROUPS + " groups");
  }
}
