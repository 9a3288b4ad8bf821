package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Holds {@code docs/contract.md} and the tests together. */
class ContractListTest {
  private static final Pattern CLAIM = Pattern.compile("^- \\*\\*(\\d+[a-z])\\*\\* \\S");
  private static final Pattern ITEM = Pattern.compile("^\\s*[-*] .*");
  private static final Pattern HEADING = Pattern.compile("^## (\\d+)\\. \\S");
  private static final int POINTS = 24;

  @Test
  void everyClaimHasATestAndEveryTestAClaim() throws Exception {
    Map<String, List<String>> tests = new LinkedHashMap<>();
    claims().forEach(claim -> tests.put(claim, new ArrayList<>()));
    List<String> faults = new ArrayList<>();
    for (Method test : tests()) {
      String name = test.getDeclaringClass().getSimpleName() + "." + test.getName();
      Claim named = test.getAnnotation(Claim.class);
      if (named == null) {
        faults.add(name + " names no claim");
        continue;
      }
      for (String claim : named.value()) {
        List<String> of = tests.get(claim);
        if (of == null) {
          faults.add(name + " names the claim " + claim + ", which does not exist");
        } else {
          of.add(name);
        }
      }
    }
    tests.forEach(
        (claim, of) -> {
          if (of.isEmpty()) {
            faults.add("claim " + claim + " has no test");
          }
        });
    report(tests);
    assertEquals(List.of(), faults);
  }

  @Test
  void idsAreUniqueAndInOrder() throws IOException {
    List<String> claims = claims();
    List<String> wanted = new ArrayList<>();
    int point = 0;
    char letter = 'a';
    for (String claim : claims) {
      int of = Integer.parseInt(claim.substring(0, claim.length() - 1));
      letter = of == point ? (char) (letter + 1) : 'a';
      point = of;
      wanted.add(of + "" + letter);
    }
    assertEquals(wanted, claims);
    assertEquals(claims.size(), Set.copyOf(claims).size());
  }

  @Test
  void everyPointHasAHeadingAndClaims() throws IOException {
    List<Integer> headings = new ArrayList<>();
    Set<Integer> claimed = new TreeSet<>();
    for (String line : lines()) {
      Matcher heading = HEADING.matcher(line);
      if (heading.find()) {
        headings.add(Integer.valueOf(heading.group(1)));
      }
      Matcher claim = CLAIM.matcher(line);
      if (claim.find()) {
        claimed.add(Integer.valueOf(claim.group(1).replaceAll("[a-z]", "")));
        assertEquals(headings.getLast() + claim.group(1).replaceAll("\\d", ""), claim.group(1));
      } else {
        assertTrue(!ITEM.matcher(line).matches(), () -> "a list item without id: " + line);
      }
    }
    List<Integer> points = IntStream.rangeClosed(1, POINTS).boxed().toList();
    assertEquals(points, headings);
    assertEquals(points, List.copyOf(claimed));
  }

  private static List<String> lines() throws IOException {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("docs/contract.md"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new AssertionError("no docs/contract.md in this directory or above it");
      }
    }
    return Files.readAllLines(directory.resolve("docs/contract.md"));
  }

  private static List<String> claims() throws IOException {
    return lines().stream()
        .map(CLAIM::matcher)
        .filter(Matcher::find)
        .map(claim -> claim.group(1))
        .toList();
  }

  /** All test methods of this package but the ones of this class and of those unclaimed. */
  private static List<Method> tests() throws Exception {
    String self = ContractListTest.class.getName();
    String packageName = ContractListTest.class.getPackageName();
    Path classes =
        Path.of(ContractListTest.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve(packageName.replace('.', '/'));
    List<Method> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(classes)) {
      for (Path file : files.sorted().toList()) {
        String name = packageName + "." + file.getFileName().toString().replace(".class", "");
        if (name.equals(self) || !file.toString().endsWith(".class")) {
          continue;
        }
        Class<?> type = Class.forName(name, false, ContractListTest.class.getClassLoader());
        if (type.isAnnotationPresent(Unclaimed.class)) {
          continue;
        }
        for (Method method : type.getDeclaredMethods()) {
          if (AnnotationSupport.isAnnotated(method, Testable.class)) {
            tests.add(method);
          }
        }
      }
    }
    assertTrue(tests.size() > 50, () -> "only " + tests.size() + " tests found in " + classes);
    return tests;
  }

  /** Leaves the list of claims with their tests, for people. */
  private static void report(Map<String, List<String>> tests) throws IOException {
    List<String> text = new ArrayList<>();
    tests.forEach((claim, of) -> text.add(claim + "  " + String.join(", ", of)));
    Path target = Files.createDirectories(Path.of("target"));
    Files.write(target.resolve("contract-claims.txt"), text);
  }
}
