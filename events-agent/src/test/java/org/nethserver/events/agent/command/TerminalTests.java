package org.nethserver.events.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class TerminalTests {
  @Test
  void commandsAreCalledThroughTheCommandLineAlone() {
    assertEquals(
        "called outside the command line",
        assertThrows(IllegalStateException.class, () -> Terminal.of(null)).getMessage());
  }

  @Test
  void coloursAreForTerminalsAndNeverWithNoColor() throws IOException, InterruptedException {
    // The library takes this variable as a terminal's presence.
    String coloured = help(Map.of("CLICOLOR_FORCE", "1"));
    assertTrue(coloured.contains("\u001b["), coloured);
    assertFalse(help(Map.of("CLICOLOR_FORCE", "1", "NO_COLOR", "1")).contains("\u001b"));
    assertFalse(help(Map.of()).contains("\u001b"));
  }

  private static String help(Map<String, String> variables)
      throws IOException, InterruptedException {
    ProcessBuilder process =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                System.getProperty("jdk.module.path"),
                "-m",
                "org.nethserver.events.agent/org.nethserver.events.agent.Main",
                "tail",
                "--help"));
    process.environment().keySet().removeAll(List.of("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"));
    process.environment().putAll(variables);
    Process help = process.redirectErrorStream(true).start();
    String shown = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, help.waitFor(), shown);
    return shown;
  }
}
