package org.nethserver.events.distribution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What authors of plugins need: a file Maven repository with the API alone, and a short way to its
 * jar for those who call the compiler themselves.
 *
 * @param directory where it lies
 * @param version the API's
 */
record Sdk(Path directory, String version) {
  private static final String ARTIFACT = "events-api";

  /** What stands between the version and the suffix of a jar: the API, its sources, its javadoc. */
  static final List<String> CLASSIFIERS = List.of("", "-sources", "-javadoc");

  /**
   * Writes the repository.
   *
   * @param jars where the jars are
   * @param pom the API's pom for others: without parent, and with {@code @version@}
   */
  void write(Path jars, Path pom) throws IOException {
    Path home =
        Files.createDirectories(
            directory.resolve("org/nethserver/events").resolve(ARTIFACT).resolve(version));
    for (String classifier : CLASSIFIERS) {
      String name = ARTIFACT + "-" + version + classifier + ".jar";
      put(home.resolve(name), Files.readAllBytes(jars.resolve(name)));
    }
    String text = Files.readString(pom).replace("@version@", version);
    put(home.resolve(ARTIFACT + "-" + version + ".pom"), text.getBytes(StandardCharsets.UTF_8));
    Path jar = home.resolve(ARTIFACT + "-" + version + ".jar");
    Files.createSymbolicLink(directory.resolve(ARTIFACT + ".jar"), directory.relativize(jar));
  }

  /** Writes a file with the digest that Maven looks for beside it. */
  private static void put(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    Files.writeString(Path.of(file + ".sha1"), sha1(content));
  }

  private static String sha1(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }
}
