import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Fails where a report of Surefire or Failsafe tells of a skipped test: in CI, all must run. */
final class NoSkips {
  private static final Pattern SKIPPED =
      Pattern.compile("<testcase name=\"([^\"]*)\" classname=\"([^\"]*)\"[^>]*>\\s*<skipped[^>]*>");

  public static void main(String[] arguments) throws IOException {
    int skipped = 0;
    for (Path report : reports(Path.of(arguments[0]))) {
      Matcher matcher = SKIPPED.matcher(Files.readString(report));
      while (matcher.find()) {
        skipped++;
        System.err.println("Skipped: " + matcher.group(2) + "." + matcher.group(1));
      }
    }
    if (skipped > 0) {
      System.err.println(skipped + " tests were skipped; with CI=true that is a failure.");
      System.exit(1);
    }
  }

  private static List<Path> reports(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root, 4)) {
      return files
          .filter(
              file ->
                  file.toString().matches(".*/target/(surefire|failsafe)-reports/TEST-.*\\.xml"))
          .sorted()
          .toList();
    }
  }
}
