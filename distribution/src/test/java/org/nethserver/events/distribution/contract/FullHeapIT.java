package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A handler that takes all memory there is. */
@Unclaimed
class FullHeapIT {
  /** The exit code of a JVM whose heap is full: systemd starts the agent again. */
  private static final int FULL = 3;

  @RegisterExtension final Stage stage = new Stage();

  private static String handler(String name, String body) {
    return """
    import java.util.*;
    import org.nethserver.events.api.*;

    public final class %1$s implements EventHandler {
      public String step() {
        return "30%1$s";
      }

      public Set<String> events() {
        return Set.of("%1$s");
      }

      public HandlerResult handle(Event event, HandlerContext context) throws Exception {
        context.logger().log(System.Logger.Level.INFO, "%1$s begins");
        %2$s
      }
    }
    """
        .formatted(name, body);
  }

  private Path plugin() {
    Path sources = stage.directory("sources/memory");
    Stage.write(
        sources.resolve("Waits.java"),
        handler("Waits", "Thread.sleep(600_000); return HandlerResult.success();"));
    Stage.write(
        sources.resolve("Hoards.java"),
        handler(
            "Hoards",
            "List<byte[]> all = new ArrayList<>(); for (;;) all.add(new byte[1 << 20]);"));
    Stage.write(
        sources.resolve("Leaks.java"),
        handler(
            "Leaks",
            """
            Thread leak = new Thread(() -> {
              List<byte[]> all = new ArrayList<>();
              for (;;) {
                all.add(new byte[2_000]);
                byte[] passing = new byte[2_000];
              }
            });
            leak.setDaemon(true);
            leak.start();
            return HandlerResult.success();
            """));
    Stage.write(
        stage
            .directory("sources/META-INF/services")
            .resolve("org.nethserver.events.api.EventHandler"),
        "memory.Waits\nmemory.Hoards\nmemory.Leaks\n");
    stage.directory("plugins");
    new ThirdParty(stage.directory("third-party"))
        .run(
            stage.root(),
            """
            cd sources
            sed -i '1i package memory;' memory/*.java
            javac --release 17 -cp %s/sdk/events-api.jar memory/*.java
            jar --create --file ../plugins/hoard.jar memory/*.class META-INF
            """
                .formatted(ContractAgent.image()));
    return stage.root().resolve("plugins");
  }

  @Test
  void endsTheProcessAtOnceWithTheNamesOfTheHandlersThatRan() {
    ContractAgent agent = stage.agent("--pluginsdir=" + plugin());
    stage.redis().publish("module/a1/event/Waits", "{}");
    agent.awaitStepLines(1, line -> line.equals("Waits begins"));
    stage.redis().publish("module/a1/event/Hoards", "{}");
    assertEquals(FULL, agent.awaitExit(), agent::said);
    String said = agent.awaitLine("Out of memory");
    assertEquals(
        "<2>Out of memory: the heap is full, and the agent ends at once. Handlers that ran:"
            + " \"30Waits\" of plugin \"hoard\" for module/a1/event/Waits,"
            + " \"30Hoards\" of plugin \"hoard\" for module/a1/event/Hoards."
            + " Mend what holds too much, or raise -Xmx in lib/events.options",
        said);
    assertFalse(agent.running());
  }

  @Test
  void heapThatAPluginsOwnThreadFillsBitByBitEndsTheProcessToo() {
    ContractAgent agent = stage.agent("--pluginsdir=" + plugin());
    stage.redis().publish("module/a1/event/Waits", "{}");
    agent.awaitStepLines(1, line -> line.equals("Waits begins"));
    stage.redis().publish("module/a1/event/Leaks", "{}");
    assertEquals(FULL, agent.awaitExit(), agent::said);
    assertEquals(
        "<2>Out of memory: the heap is full, and the agent ends at once. Handlers that ran:"
            + " \"30Waits\" of plugin \"hoard\" for module/a1/event/Waits."
            + " Mend what holds too much, or raise -Xmx in lib/events.options",
        agent.awaitLine("Out of memory"));
  }
}
