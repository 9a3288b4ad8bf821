package org.nethserver.events.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class VariablesTests {
  private static Variables of(String... lines) {
    return Variables.of(
        Arrays.stream(lines).map(line -> line.getBytes(StandardCharsets.ISO_8859_1)).toList());
  }

  private static List<String> lines(Variables variables) {
    return variables.entries().stream()
        .map(line -> new String(line, StandardCharsets.ISO_8859_1))
        .toList();
  }

  @Test
  void lastOfDuplicatesWins() {
    Variables variables = of("A=1", "B=2", "A=3");
    assertEquals(Optional.of("3"), variables.value("A"));
    assertEquals(List.of("A=3", "B=2"), lines(variables));
  }

  @Test
  void laterVariablesWinOverEarlierOnes() {
    Variables earlier = of("A=1");
    assertEquals(Optional.of("2"), earlier.with("A", "2").value("A"));
    assertEquals(Optional.of("1"), earlier.value("A"));
  }

  @Test
  void linesThatAreNoVariablesAreDropped() {
    assertEquals(List.of("C="), lines(of("", "A", "=b", "C=")));
  }

  @Test
  void valueMayHoldAnEqualsSignAndBytesThatAreNoText() {
    Variables variables = of("A=b=c", "B=\u00ff");
    assertEquals(Optional.of("b=c"), variables.value("A"));
    assertEquals(Optional.of("\uFFFD"), variables.value("B"));
    assertEquals(List.of("A=b=c", "B=\u00ff"), lines(variables));
  }

  @Test
  void variablesCanBeLeftOut() {
    assertEquals(List.of("B=2"), lines(of("A=1", "B=2").without(Set.of("A", "C"))));
  }

  @Test
  void variableThatIsNotSetIsEmpty() {
    assertEquals(Optional.empty(), Variables.NONE.value("A"));
  }

  @Test
  void valuesAreNeverShown() {
    assertEquals("Variables[1]", of("PASSWORD=secret").toString());
  }
}
