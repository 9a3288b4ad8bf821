import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks the format of all Java sources under a directory ("check"), or mends it ("write"). */
final class Format {
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    boolean write = arguments[1].equals("write");
    List<String> command =
        new ArrayList<>(
            write ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    sources(root).forEach(source -> command.add(source.toString()));
    PrintWriter out = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = new Main(out, out, System.in).format(command.toArray(String[]::new));
    out.flush();
    if (code != 0 && !write) {
      System.err.println(
          "The files above are not formatted by google-java-format; mend them by:"
              + " mvn -q -N verify -Dformat=write");
    }
    System.exit(code);
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !root.relativize(file).toString().contains("target/"))
          .sorted()
          .toList();
    }
  }
}
