package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code docs/plugins.md} tells a newcomer to type, typed. */
@Unclaimed
class PluginsPageIT {
  private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

  @RegisterExtension final Stage stage = new Stage();

  @Test
  void commandsLeadToAHandlerThatRuns() throws IOException {
    ThirdParty newcomer = new ThirdParty(stage.directory("third-party"));
    Path empty = stage.directory("empty");
    List<String> said = new ArrayList<>();
    Matcher block = COMMANDS.matcher(Files.readString(Path.of("../docs/plugins.md")));
    while (block.find()) {
      String commands = block.group(1).replace("/usr/lib/events", ContractAgent.image().toString());
      said.add(newcomer.run(empty, commands));
    }
    assertEquals(3, said.size());
    assertEquals("", said.get(0));
    assertTrue(said.get(1).contains("\na new user, says "), said.get(1));
    assertTrue(said.get(1).contains(" completed (0) at step 20welcome\n"), said.get(1));
    assertTrue(said.get(2).contains("smallest-1.0.0.jar"), said.get(2));
  }
}
