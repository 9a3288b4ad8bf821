package org.nethserver.events.distribution.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What an agent's state file says, read by no code of the agent.
 *
 * @param open ids of runs that began and did not end
 * @param dead ids of events that are set aside
 * @param cursor the id of the last entry before which nothing is left to run; empty if there is
 *     none
 */
record StateLines(Set<String> open, Set<String> dead, String cursor) {
  static StateLines read(Path file) throws IOException {
    Set<String> open = new HashSet<>();
    Set<String> dead = new HashSet<>();
    String cursor = "";
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "S" -> open.add(words[1]);
        case "E", "U" -> open.remove(words[1]);
        case "C" -> {
          open.clear();
          cursor = words[1];
        }
        case "D" -> {
          dead.add(words[1]);
          open.remove(words[1]);
        }
        case "X" -> dead.remove(words[1]);
        default -> {}
      }
    }
    return new StateLines(open, dead, cursor);
  }
}
