package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.nethserver.events.agent.testing.PluginCompiler.modular;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nethserver.events.agent.testing.PluginCompiler;
import org.nethserver.events.api.EventHandler;

/** What plugins do wrong while they work, in the built image, beside a script that runs on. */
@Unclaimed
class ContainmentIT {
  private static final String EVENT = "user-created";
  private static final String CHANNEL = "cluster/event/" + EVENT;
  private static final String NOTHING = "return new HandlerResult.Success();";

  @RegisterExtension final Stage stage = new Stage();
  private Path plugins;

  @BeforeEach
  void directory() {
    plugins = stage.directory("plugins");
    stage.step("module-added", "10script", "seen script");
  }

  private Path jar(String name) {
    return plugins.resolve(name);
  }

  private ContractAgent agent(String... flags) {
    return stage.launch().flags("--pluginsdir=" + plugins).flags(flags).subscribed();
  }

  private void runsOn(ContractAgent agent) {
    int before = stage.seen().size();
    assertEquals(
        "\"completed\" (0) at step 10script", agent.run("cluster/event/module-added", "{}"));
    stage.awaitSeen(before + 1);
  }

  @Test
  void deepRecursionFailsTheStep() {
    modular("deep", "10deep", EVENT, "return handle(event, context);").jar(jar("deep.jar"));
    ContractAgent agent = agent();
    assertEquals("\"aborted\" (1) at step 10deep", agent.run(CHANNEL, "{}"));
    agent.awaitStepLines(1, line -> line.equals("<3>java.lang.StackOverflowError"));
    runsOn(agent);
  }

  @Test
  void handlerOfANewerApiFailsAtTheCall() {
    Path api =
        new PluginCompiler()
            .type(
                "org.nethserver.events.api.Newer",
                "package org.nethserver.events.api;"
                    + " public class Newer { public static void act() {} }")
            .jar(stage.root().resolve("newer-api.jar"));
    new PluginCompiler()
        .library(api)
        .handler("newer.Handler", "10new", EVENT, "Newer.act(); " + NOTHING)
        .service(EventHandler.class, "newer.Handler")
        .jar(jar("newer.jar"));
    ContractAgent agent = agent();
    assertEquals("\"aborted\" (1) at step 10new", agent.run(CHANNEL, "{}"));
    agent.awaitStepLines(
        1,
        line ->
            line.equals(
                "<3>plugin \"newer\" does not fit together: it may be built for another version of"
                    + " the API or of a library; build it with the API of this installation, and"
                    + " bring its libraries"));
    agent.awaitStepLines(
        1,
        line -> line.equals("<3>java.lang.NoClassDefFoundError: org/nethserver/events/api/Newer"));
    runsOn(agent);
  }

  /** One agent for all of it: it takes the ten seconds between the interruption and the end. */
  @Test
  void endlessLoopIsGivenUpAndNotCalledAgainUntilAReload() {
    modular("loop", "10loop", EVENT, "while (true) { Thread.onSpinWait(); }").jar(jar("loop.jar"));
    ContractAgent agent = agent("--step-timeout=300ms");

    assertEquals("\"timed-out\" (-1) at step 10loop", agent.run(CHANNEL, "{}"));
    agent.awaitLine(
        "<3>plugin \"loop\" is stuck: its handler \"10loop\" was interrupted amid "
            + CHANNEL
            + " and has not returned; it is not called again until the plugin is mended and loaded"
            + " anew, or the agent restarts");
    runsOn(agent);
    assertEquals("\"completed\" (0) at step 10loop", agent.run(CHANNEL, "{}"));
    agent.awaitLine(
        "plugin \"loop\" is stuck: a call of it did not return; mend it and reload the agent");

    modular("loop", "10loop", EVENT, "return HandlerResult.failure(7, \"mended\");")
        .jar(jar("loop.jar"));
    agent.signal("HUP");
    agent.awaitLine("Signal SIGHUP caught: plugin \"loop\" is in place of the former");
    assertEquals("\"aborted\" (7) at step 10loop", agent.run(CHANNEL, "{}"));
    agent.signal("TERM");
    agent.awaitExit();
    agent.awaitLine("1 handler calls given up");
  }

  @Test
  void constructorThatNeverReturnsHoldsUpTheStartForTenSecondsAtMost() {
    withMember("slow", "public Handler() throws Exception { Thread.sleep(600_000); }", "10slow");
    ContractAgent agent = agent();
    agent.awaitLine(
        "<3>Plugin \"slow\" in \""
            + jar("slow.jar")
            + "\": its code does not return within 10 s, at slow.Handler.<init> (line 5); mend the"
            + " plugin and reload the agent");
    runsOn(agent);
  }

  private void withMember(String name, String member, String step) {
    new PluginCompiler()
        .type(
            name + ".Handler",
            """
            package %s;
            import java.util.Set;
            import org.nethserver.events.api.*;
            public class Handler implements EventHandler {
              %s
              public String step() { return "%s"; }
              public Set<String> events() { return Set.of("user-created"); }
              public HandlerResult handle(Event e, HandlerContext c) { return null; }
            }
            """
                .formatted(name, member, step))
        .service(EventHandler.class, name + ".Handler")
        .jar(jar(name + ".jar"));
  }

  @Test
  void wrongNamesAndSplitPackagesAreToldOnce() {
    withMember("name", "", "a/b");
    modular("glob", "10x", "user created", NOTHING).jar(jar("glob.jar"));
    modular("first", "10x", EVENT, NOTHING).jar(plugins.resolve("split/first.jar"));
    new PluginCompiler()
        .type("first.Other", "package first; public class Other {}")
        .module("second", "exports first;")
        .jar(plugins.resolve("split/second.jar"));
    ContractAgent agent = agent();
    String name = agent.awaitLine("Plugin \"name\"");
    assertEquals(
        "<3>Plugin \"name\" in \""
            + jar("name.jar")
            + "\": name.Handler names its step \"a/b\"; a step's name is that of a file, such as"
            + " 30index: 1 to 255 bytes without \"/\" and NUL",
        name);
    agent.awaitLine("glob.Handler.events() has \"user created\": the event name has a character");
    agent.awaitLine(
        "<3>Plugin \"split\" in \"" + plugins.resolve("split") + "\": its modules do not fit");
    assertEquals(3, agent.lines("<3>Plugin \"").size(), agent::said);
    runsOn(agent);
  }

  @Test
  void threadsThatAClosedPluginLeavesAreNamed() {
    withMember(
        "leak",
        """
        public Handler() {
          Thread thread = new Thread("left-behind") {
            public void run() { while (true) { java.util.concurrent.locks.LockSupport.park(); } }
          };
          thread.setDaemon(true);
          thread.start();
        }
        """,
        "10leak");
    ContractAgent agent = agent();
    modular("leak", "10leak", EVENT, NOTHING).jar(jar("leak.jar"));
    agent.signal("HUP");
    agent.awaitLine(
        "its threads live on after its close, and so does all that it holds in memory:"
            + " \"left-behind\"; end them in the handler's close()");
    runsOn(agent);
  }

  @Test
  void systemExitEndsTheAgentWithALineThatNamesTheHandler() {
    modular("quits", "10quits", EVENT, "System.exit(0); " + NOTHING).jar(jar("quits.jar"));
    ContractAgent agent = agent();
    stage.redis().publish(CHANNEL, "{}");
    assertEquals(0, agent.awaitExit(), agent::said);
    agent.awaitLine(
        "<2>A plugin has called System.exit, and the agent ends at once. Handlers that ran:"
            + " \"10quits\" of plugin \"quits\" for "
            + CHANNEL
            + ". Let it return HandlerResult.failure instead");
  }

  @Test
  void orderlyEndBlamesNobodyForAnExit() {
    modular("a", "10a", EVENT, NOTHING).jar(jar("a.jar"));
    for (String signal : List.of("TERM", "USR1")) {
      ContractAgent agent = agent();
      agent.run(CHANNEL, "{}");
      agent.signal(signal);
      agent.awaitExit();
      assertEquals(List.of(), agent.lines("System.exit"));
      assertFalse(agent.running());
    }
  }
}
