package org.nethserver.events.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AgentArgumentsTests {
  private static Optional<String> id(String... arguments) {
    return AgentArguments.read(List.of(arguments)).map(AgentOptions::id);
  }

  @Test
  void valueStandsAfterAnEqualsSignOrNext() {
    assertEquals(Optional.of("module/a1"), id("--agentid=module/a1"));
    assertEquals(Optional.of("module/a1"), id("--agentid", "module/a1"));
    assertEquals(Optional.of("a=b"), id("--agentid=a=b"));
    assertEquals(Optional.of(""), id("--agentid="));
  }

  @Test
  void lastOfAFlagGivenTwiceWins() {
    assertEquals(Optional.of("two"), id("--agentid=one", "--agentid=two"));
  }

  @Test
  void nothingAtAllIsUnderstood() {
    assertEquals(Optional.of(""), id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "-h",
        "--version",
        "--agentid",
        "--agent=x",
        "agentid=x",
        "--",
        "@file",
        "=x",
        "--AGENTID=x",
        "",
        "--trust=nobody",
        "--max-concurrency=0",
        "--step-timeout=soon"
      })
  void whatIsNotUnderstoodIsLeftToOthers(String argument) {
    assertEquals(Optional.empty(), id(argument));
    assertEquals(Optional.empty(), id("--agentid=x", argument));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--ordering | some | wrong value \"some\" for --ordering: use channel or none",
        "--trust | me | wrong value \"me\" for --trust: use owner or any",
        "--max-concurrency | 0 |"
            + " wrong value \"0\" for --max-concurrency: a number from 1 up is wanted",
        "--queue-events | -1 |"
            + " wrong value \"-1\" for --queue-events: a number from 0 up is wanted",
        "--queue-bytes | 1MB | wrong value \"1MB\" for --queue-bytes: a size looks like 65536,"
            + " 512KiB, 64MiB or 1GiB",
        "--stop-grace | 1 | wrong value \"1\" for --stop-grace: a duration looks like 500ms, 10s,"
            + " 1h30m, or 0 for none"
      })
  void wrongValueIsNamedWithItsFlagAndARightOne(String flag, String value, String message) {
    AgentFlag wrong =
        List.of(AgentFlag.values()).stream()
            .filter(known -> known.flag().equals(flag))
            .findFirst()
            .orElseThrow();
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> wrong.apply(new AgentOptions(), value))
            .getMessage());
  }

  @Test
  void eachFlagIsDescribed() {
    for (AgentFlag flag : AgentFlag.values()) {
      assertTrue(flag.flag().matches("--[a-z]+(-[a-z]+)*"), flag::flag);
      assertTrue(flag.help().endsWith("."), flag::help);
      assertTrue(flag.label().matches("[A-Z]+(\\|[A-Z]+)?|[a-z]+\\|[a-z]+"), flag::label);
    }
  }
}
