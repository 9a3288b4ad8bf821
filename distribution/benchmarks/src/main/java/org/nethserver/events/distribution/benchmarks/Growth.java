package org.nethserver.events.distribution.benchmarks;

import java.nio.file.Path;
import java.util.List;

/**
 * The same image with more and more to host.
 *
 * @param agents how many agents
 * @param directories how many events directories each has besides those that are answered
 */
record Growth(List<Integer> agents, List<Integer> directories) {
  static final Growth FULL = new Growth(List.of(1, 5, 20, 100), List.of(10, 1_000));

  /** To see that it can be measured. */
  static final Growth QUICK = new Growth(List.of(1, 5), List.of(10, 50));

  /** What a size is called. */
  static String name(int agents, int directories) {
    return agents + " × " + directories;
  }

  /** Each size as a subject of its own. */
  List<Subject> subjects(Path image) {
    return directories.stream()
        .flatMap(
            each ->
                agents.stream()
                    .map(
                        count -> Subject.hosted(name(count, each), image, new Extent(count, each))))
        .toList();
  }
}
