package org.nethserver.events.agent.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the names that somebody may have meant. */
public final class NearestNames {
  private static final int MAX_RESULTS = 3;

  /** Beyond it, names have too few letters in common. */
  private static final double MAX_LETTERS = 0.35;

  /** Beyond it, names have less than half of their words in common. */
  private static final double MAX_WORDS = 0.5;

  private NearestNames() {}

  /**
   * Returns up to three of the names, the nearest first; none if all are far off, and only the
   * slips of the pen if there are any.
   *
   * @param wanted what was typed, any text
   * @param names the names that there are
   */
  public static List<String> of(String wanted, Collection<String> names) {
    record Candidate(String name, double distance) {}
    List<Candidate> candidates = new ArrayList<>();
    for (String name : names) {
      double distance = distance(wanted, name);
      if (distance <= MAX_WORDS) {
        candidates.add(new Candidate(name, distance));
      }
    }
    candidates.sort(Comparator.comparingDouble(Candidate::distance).thenComparing(Candidate::name));
    List<String> nearest = candidates.stream().limit(MAX_RESULTS).map(Candidate::name).toList();
    List<String> slips = nearest.stream().filter(name -> isSlip(wanted, name)).toList();
    return slips.isEmpty() ? nearest : slips;
  }

  /** Tells whether the two differ by a slip of the pen: one or two letters. */
  public static boolean isSlip(String wanted, String name) {
    return edits(wanted, name) <= 2;
  }

  /** From 0 for equal to 1 for nothing in common: by letters or by words, whichever is nearer. */
  private static double distance(String a, String b) {
    double letters = (double) edits(a, b) / Math.max(1, Math.max(a.length(), b.length()));
    Set<String> words = new HashSet<>(List.of(a.split("-", -1)));
    Set<String> others = new HashSet<>(List.of(b.split("-", -1)));
    Set<String> all = new HashSet<>(words);
    all.addAll(others);
    words.retainAll(others);
    // Nearly every name ends in "changed": alone it says nothing.
    words.remove("changed");
    all.remove("changed");
    double wordDistance = all.isEmpty() ? 1 : 1 - (double) words.size() / all.size();
    return letters <= MAX_LETTERS ? Math.min(letters, wordDistance) : wordDistance;
  }

  /** Counts the letters to insert, delete, replace or swap (optimal string alignment). */
  private static int edits(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 64) {
      return Math.max(a.length(), b.length());
    }
    int[] before = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      int[] free = before;
      before = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
