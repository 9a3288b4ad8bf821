package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which runs there have to be, and which there were: each leaves a line in its agent's notes. */
final class Notes {
  /** Of each agent and channel, the numbers and lengths of payloads, in order. */
  private final Map<String, List<String>> expected = new LinkedHashMap<>();

  private final List<Path> files;
  private int count;

  /**
   * Expects nothing yet.
   *
   * @param files the notes of each agent, in their order
   */
  Notes(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /** One agent has to answer an event. */
  void expect(int agent, String channel, int number, int length) {
    expected
        .computeIfAbsent(agent + " " + channel, _ -> new ArrayList<>())
        .add(number + " " + length);
    count++;
  }

  /** How many runs there have to be. */
  int expected() {
    return count;
  }

  /** How many bytes have been noted: more than before says that something was. */
  long size() throws IOException {
    long size = 0;
    for (Path file : files) {
      size += Files.exists(file) ? Files.size(file) : 0;
    }
    return size;
  }

  /**
   * What became of the runs.
   *
   * @param expected how many there had to be
   * @param seen how many there were
   * @param lost how many there should have been and were not
   * @param doubled how many there were once more
   * @param strange those that nobody asked for, or whose payload had another length
   * @param disordered those that came before an earlier one of their channel
   */
  record Tally(int expected, int seen, int lost, int doubled, int strange, int disordered) {
    /** Whether there was each once, in order. */
    boolean isExact() {
      return seen == expected && lost + doubled + strange + disordered == 0;
    }
  }

  /** Reads all notes. */
  Tally tally() throws IOException {
    Map<String, List<String>> seen = new LinkedHashMap<>();
    int all = 0;
    for (int agent = 0; agent < files.size(); agent++) {
      if (Files.exists(files.get(agent))) {
        for (String line : Files.readAllLines(files.get(agent))) {
          String[] words = line.split(" ", 2);
          seen.computeIfAbsent(agent + " " + words[0], _ -> new ArrayList<>())
              .add(words.length == 2 ? words[1] : "");
          all++;
        }
      }
    }
    int lost = 0;
    int doubled = 0;
    int strange = 0;
    int disordered = 0;
    Set<String> lanes = new HashSet<>(expected.keySet());
    lanes.addAll(seen.keySet());
    for (String lane : lanes) {
      List<String> wanted = expected.getOrDefault(lane, List.of());
      List<String> found = seen.getOrDefault(lane, List.of());
      Set<String> once = new HashSet<>(found);
      doubled += found.size() - once.size();
      disordered += inversions(wanted, found);
      Set<String> missing = new HashSet<>(wanted);
      missing.removeAll(once);
      lost += missing.size();
      wanted.forEach(once::remove);
      strange += once.size();
    }
    return new Tally(count, all, lost, doubled, strange, disordered);
  }

  private static int inversions(List<String> wanted, List<String> found) {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (String run : wanted) {
      places.put(run, places.size());
    }
    int count = 0;
    int last = -1;
    for (String run : found) {
      int place = places.getOrDefault(run, last);
      count += place < last ? 1 : 0;
      last = Math.max(last, place);
    }
    return count;
  }
}
