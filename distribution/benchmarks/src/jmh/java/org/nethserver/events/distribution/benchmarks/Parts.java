package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures the hot parts of the agent, each alone, in a JVM with the flags of the image.
 *
 * @param quick whether to see only that each can be measured: once, within this JVM
 * @param only a regular expression; parts whose names have nothing like it are left out
 * @param docs the directory of {@code benchmarks.md}
 */
record Parts(boolean quick, String only, Path docs) {
  private static final String USAGE = "--parts[=REGEX] [--quick] [--docs=DIR]";
  private static final Path FLAGS = Path.of("src/main/launcher/events.options");

  /** Measures, from within the directory {@code distribution}. */
  static void main(String[] arguments) throws IOException, RunnerException {
    try {
      parse(arguments).measure();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\nusage: " + USAGE);
      System.exit(2);
    }
  }

  private static Parts parse(String... arguments) {
    boolean quick = false;
    String only = ".*";
    Path docs = Path.of("../docs");
    for (String argument : arguments) {
      String[] words = argument.split("=", 2);
      switch (words[0]) {
        case "--parts" -> only = words.length == 2 ? words[1] : only;
        case "--quick" -> quick = true;
        case "--docs" -> docs = Path.of(words.length == 2 ? words[1] : "");
        default -> throw new IllegalArgumentException("unknown: \"" + argument + "\"");
      }
    }
    return new Parts(quick, only, docs.toAbsolutePath());
  }

  /** Measures all parts, and writes the table, unless some were left out or it was quick. */
  private void measure() throws IOException, RunnerException {
    Pages pages = Pages.in(docs, "parts");
    Conditions conditions = Conditions.now(quick, 1);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(only)
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .shouldFailOnError(true);
    if (quick) {
      // No times are judged: another run on this machine does not matter.
      System.setProperty("jmh.ignoreLock", "true");
      options.forks(0).warmupIterations(0).measurementIterations(1);
      options.measurementTime(TimeValue.milliseconds(10));
    } else {
      options.forks(2).warmupIterations(4).measurementIterations(5);
      options.warmupTime(TimeValue.milliseconds(500)).measurementTime(TimeValue.milliseconds(500));
      options.addProfiler(GCProfiler.class).jvmArgs(flags().toArray(String[]::new));
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    if (!quick && only.equals(".*")) {
      pages.section(section(conditions, results));
    }
  }

  /** Those of the image that bear upon speed. */
  private static List<String> flags() throws IOException {
    List<String> flags = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
    flags.add("-Djava.library.path=" + System.getProperty("java.library.path"));
    Files.readAllLines(FLAGS).stream()
        .filter(line -> line.matches("-XX:\\+Use\\w+GC|-XX:TieredStopAtLevel=.*|-Xmn.*"))
        .forEach(flags::add);
    return flags;
  }

  private static String section(Conditions conditions, Collection<RunResult> results) {
    StringBuilder text = new StringBuilder(conditions.text()).append("\n\n");
    text.append("| part | | ns | ± | bytes allocated |\n|---|---|---|---|---|\n");
    for (RunResult result : results) {
      Result<?> time = result.getPrimaryResult();
      Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %,.0f | %,.0f | %s |%n",
              name(result.getParams()),
              sizes(result.getParams()),
              time.getScore(),
              time.getScoreError(),
              bytes == null ? "" : String.format(Locale.ROOT, "%,.0f", bytes.getScore())));
    }
    return text.toString();
  }

  private static String name(BenchmarkParams part) {
    return part.getBenchmark().replaceFirst(".*\\.(\\w+)Benchmark\\.(\\w+)$", "`$1` $2");
  }

  private static String sizes(BenchmarkParams part) {
    List<String> sizes = new ArrayList<>();
    part.getParamsKeys().forEach(key -> sizes.add(key + ": " + part.getParam(key)));
    return String.join(", ", sizes);
  }
}
