package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.nethserver.events.agent.testing.PluginCompiler.modular;
import static org.nethserver.events.agent.testing.PluginCompiler.plain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nethserver.events.agent.testing.PluginCompiler;
import org.nethserver.events.api.EventHandler;

/** Plugins compiled here, in the built image: their place among scripts, faults, reload. */
@Unclaimed
class PluginsIT {
  private static final String EVENT = "user-created";
  private static final String CHANNEL = "cluster/event/" + EVENT;
  private static final String NOTHING = "return new HandlerResult.Success();";

  @RegisterExtension final Stage stage = new Stage();
  private Path plugins;

  @BeforeEach
  void directory() {
    plugins = stage.directory("plugins");
  }

  private Path jar(String name) {
    return plugins.resolve(name);
  }

  /** What a handler does to add a line to {@link Stage#seen}. */
  private String seen(String expression) {
    return """
    java.nio.file.Files.writeString(
        java.nio.file.Path.of("%s"), %s + "\\n",
        java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
    return new HandlerResult.Success();
    """
        .formatted(stage.notes().resolve("seen"), expression);
  }

  private ContractAgent agent() {
    return stage.agent("--pluginsdir=" + plugins);
  }

  @Test
  void handlersRunAmongScriptsInTheOrderOfNames() {
    stage.step(EVENT, "10a", "seen 10a");
    modular("b", "20b", EVENT, seen("\"20b\"")).jar(jar("b.jar"));
    stage.step(EVENT, "30c", "seen 30c");
    ContractAgent agent = agent();

    assertEquals("\"completed\" (0) at step 30c", agent.run(CHANNEL, "{}"));

    assertEquals(List.of("10a", "20b", "30c"), stage.seen());
    agent.awaitLine("<7>Handler of " + CHANNEL + " is starting step 20b");
  }

  @Test
  void laterDirectoryReplacesAStepOfEitherKind() {
    Path last = stage.directory("last");
    stage.step(EVENT, "10a", "seen script");
    modular("a", "10a", EVENT, seen("\"10a handler\"")).jar(jar("a.jar"));
    modular("b", "20b", EVENT, seen("\"handler\"")).jar(jar("b.jar"));
    stage.script(last.resolve(EVENT + "/20b"), "seen 20b script");
    ContractAgent agent = stage.agent("--pluginsdir=" + plugins, "--eventsdir=" + last);

    agent.run(CHANNEL, "{}");

    assertEquals(List.of("10a handler", "20b script"), stage.seen());
  }

  @Test
  void pluginsOfTheModuleComeBeforeItsScripts() {
    modular("a", "10a", EVENT, seen("\"handler\"")).jar(jar("a.jar"));
    modular("b", "20b", EVENT, seen("\"20b handler\"")).jar(jar("b.jar"));
    stage.step(EVENT, "10a", "seen 10a script");
    ContractAgent agent =
        stage.launch().variable("AGENT_INSTALL_DIR", stage.root().toString()).subscribed();

    agent.run(CHANNEL, "{}");

    assertEquals(List.of("10a script", "20b handler"), stage.seen());
  }

  @Test
  void whatIsWrongWithOneIsASentenceAndTheOthersRun() throws IOException {
    faults();
    modular("good", "50good", EVENT, seen("\"good\"")).jar(jar("z-good.jar"));
    ContractAgent agent = agent();

    assertEquals("\"completed\" (0) at step 50good", agent.run(CHANNEL, "{}"));

    assertEquals(List.of("good"), stage.seen());
    List<String> told = agent.lines("<3>Plugin \"");
    assertAll(
        FAULTS.entrySet().stream()
            .map(
                fault ->
                    () ->
                        assertEquals(
                            List.of(
                                "<3>Plugin \"%s\" in \"%s\": %s"
                                    .formatted(
                                        fault.getKey(),
                                        jar(fault.getKey() + ".jar"),
                                        fault.getValue().replace("DIR", plugins.toString()))),
                            told.stream()
                                .filter(line -> line.contains("\"" + fault.getKey() + "\" in"))
                                .toList())));
    assertEquals(FAULTS.size(), told.size(), told::toString);
  }

  @Test
  void jarOfAnotherUserIsRefused() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to give files away");
    Path owned = modular("owned", "10x", EVENT, NOTHING).jar(jar("owned.jar"));
    Files.setAttribute(owned, "unix:uid", 12345);

    agent()
        .awaitLine(
            "<3>Plugin \"owned\" in \"%1$s\": \"%1$s\" is owned by user 12345, neither root nor"
                    .formatted(owned)
                + " the agent's own; run chown 0");
  }

  private static final Map<String, String> FAULTS =
      Map.ofEntries(
          Map.entry(
              "truncated",
              "\"truncated.jar\" is no jar, or only a part of one (zip END header not found); copy"
                  + " it there anew, best under another name and then renamed"),
          Map.entry(
              "requires",
              "\"needing\" requires the module \"missing\", which neither the plugin nor the image"
                  + " has; put its jar beside the plugin's, in a directory of their own"),
          Map.entry(
              "version",
              "it is compiled for Java 27 (class version 71), and this image runs Java 25; compile"
                  + " it with --release 25 or lower"),
          Map.entry(
              "hidden",
              "the provider hidden.Handler is no public class with a public constructor without"
                  + " parameters; make both public"),
          Map.entry(
              "throwing",
              "the constructor of throwing.Handler threw java.lang.IllegalStateException: no"
                  + " database; mend the plugin and reload the agent"),
          Map.entry(
              "api",
              "\"api.jar\" holds the events API itself, whose types would be others than the"
                  + " agent's; leave org.nethserver.events.api out (in Maven:"
                  + " <scope>provided</scope>)"),
          Map.entry(
              "twin-2",
              "its module \"twin\" is also that of \"twin-1.jar\", which stays; remove one of the"
                  + " two"),
          Map.entry(
              "7up",
              "no name of a module can be made of the file name \"7up.jar\" (7up: Invalid module"
                  + " name: '7up' is not a Java identifier); rename it, or name the module in its"
                  + " manifest: Automatic-Module-Name"),
          Map.entry(
              "zz-double",
              "its step \"50good\" for [user-*] is there already, of plugin \"z-good\"; rename one"
                  + " of the two, or put this plugin into a later directory to replace the other"),
          Map.entry("open", "\"DIR/open.jar\" is writable by everyone (mode 0666); run chmod o-w"),
          Map.entry(
              "nothing",
              "it provides no EventHandler, StepProvider or TransportProvider; name the provider in"
                  + " its module-info.java (provides … with …) or in META-INF/services"));

  private void faults() throws IOException {
    Path truncated = modular("truncated", "10x", EVENT, NOTHING).jar(jar("truncated.jar"));
    byte[] bytes = Files.readAllBytes(truncated);
    Files.write(truncated, Arrays.copyOf(bytes, bytes.length / 2));
    Path library =
        new PluginCompiler()
            .type("module-info", "module missing { }")
            .jar(stage.root().resolve("missing.jar"));
    new PluginCompiler()
        .handler("needing.Handler", "10x", EVENT, NOTHING)
        .module(
            "needing",
            "requires missing; provides " + EventHandler.class.getName() + " with needing.Handler;")
        .library(library)
        .jar(jar("requires.jar"));
    plain("version", "10x", EVENT, NOTHING).classVersion(71).jar(jar("version.jar"));
    handlerWith("hidden", "Handler() {}").jar(jar("hidden.jar"));
    handlerWith(
            "throwing", "public Handler() { throw new IllegalStateException(\"no database\"); }")
        .jar(jar("throwing.jar"));
    plain("api", "10x", EVENT, NOTHING)
        .resource("org/nethserver/events/api/Event.class", "x")
        .jar(jar("api.jar"));
    modular("twin", "10x", "other-1", NOTHING).jar(jar("twin-1.jar"));
    modular("twin", "10x", "other-2", NOTHING).jar(jar("twin-2.jar"));
    plain("up", "10x", EVENT, NOTHING).jar(jar("7up.jar"));
    modular("twice", "50good", "user-*", seen("\"double\"")).jar(jar("zz-double.jar"));
    Files.setPosixFilePermissions(
        modular("open", "10x", EVENT, NOTHING).jar(jar("open.jar")),
        PosixFilePermissions.fromString("rw-rw-rw-"));
    new PluginCompiler().type("x.X", "package x; class X {}").jar(jar("nothing.jar"));
  }

  private static PluginCompiler handlerWith(String name, String constructor) {
    return new PluginCompiler()
        .type(
            name + ".Handler",
            """
            package %s;
            import java.util.Set;
            import org.nethserver.events.api.*;
            public class Handler implements EventHandler {
              %s
              public String step() { return "10x"; }
              public Set<String> events() { return Set.of("user-created"); }
              public HandlerResult handle(Event e, HandlerContext c) { return null; }
            }
            """
                .formatted(name, constructor))
        .service(EventHandler.class, name + ".Handler");
  }

  /** A handler that notes its version and what number the event has. */
  private void counter(int version) {
    modular(
            "counter",
            "10count",
            "load-tested",
            seen("\"" + version + " \" + event.payload().text()"))
        .jar(jar("counter.jar"));
  }

  @Test
  void reloadUnderLoadLosesAndRepeatsNoEvent() {
    counter(0);
    ContractAgent agent = stage.agent("--pluginsdir=" + plugins, "--queue-events=20000");
    int reloads = 10;
    for (int batch = 0; batch < 100; batch++) {
      int first = batch * 100;
      stage
          .redis()
          .publishMany(
              "module/m" + batch % 10 + "/event/load-tested",
              100,
              i -> Integer.toString(first + i).getBytes(StandardCharsets.US_ASCII));
      if (batch % reloads == 5) {
        counter(batch / reloads + 1);
        agent.signal("HUP");
        agent.awaitLines(
            "Signal SIGHUP caught: plugin \"counter\" is in place", batch / reloads + 1);
      }
    }

    List<String> seen = stage.awaitSeen(10_000);
    agent.awaitLines("exited with status \"completed\"", 10_000);

    assertEquals(
        IntStream.rangeClosed(1, 10_000).boxed().toList(),
        stage.seen().stream().map(line -> Integer.valueOf(line.split(" ")[1])).sorted().toList());
    assertEquals(
        IntStream.rangeClosed(0, reloads).mapToObj(Integer::toString).collect(Collectors.toSet()),
        seen.stream().map(line -> line.split(" ")[0]).collect(Collectors.toSet()),
        "some version has seen no event");
  }

  @Test
  void badNewVersionKeepsTheOld() throws IOException {
    modular("a", "10a", EVENT, seen("\"old\"")).jar(jar("a.jar"));
    ContractAgent agent = agent();
    Files.write(jar("a.jar"), new byte[] {'P', 'K'});

    agent.signal("HUP");

    agent.awaitLine("the version that was loaded before stays in use; copy it there anew");
    agent.awaitLine("Signal SIGHUP caught: no plugin to load");
    agent.run(CHANNEL, "{}");
    assertEquals(List.of("old"), stage.seen());
  }

  @Test
  void pluginsAppearAndGoAtAReload() throws IOException {
    stage.step(EVENT, "20b", "seen script");
    Files.delete(plugins);
    ContractAgent agent = agent();
    modular("a", "10a", EVENT, seen("\"handler\"")).jar(jar("a.jar"));
    agent.signal("HUP");
    agent.awaitLine("Signal SIGHUP caught: plugin \"a\" is new");
    agent.run(CHANNEL, "{}");
    Files.delete(jar("a.jar"));
    agent.signal("HUP");
    agent.awaitLine("Signal SIGHUP caught: plugin \"a\" is gone");
    agent.run(CHANNEL, "{}");

    assertEquals(List.of("handler", "script", "script"), stage.seen());
  }

  @Test
  void copiesOfJarsGoWithTheAgentHoweverItEnds() throws IOException {
    modular("a", "10a", EVENT, NOTHING).jar(jar("a.jar"));
    Path run = stage.directory("run");
    for (String signal : List.of("TERM", "USR1")) {
      ContractAgent agent =
          stage
              .launch()
              .variable("RUNTIME_DIRECTORY", run.toString())
              .flags("--pluginsdir=" + plugins)
              .subscribed();
      assertEquals(1, files(run));
      agent.signal(signal);
      agent.awaitExit();
      assertEquals(0, files(run), signal);
    }
  }

  private static long files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  @Test
  void commandsShowThem() {
    modular("index", "20index", "user-*", NOTHING).jar(jar("index.jar"));
    stage.step(EVENT, "10a", ":");
    String events = ContractAgent.image().resolve("bin/events") + " ";
    String flags = " --eventsdir=" + stage.events() + " --pluginsdir=" + plugins + " 2>&1";

    assertEquals(
        "index  " + jar("index.jar") + "\n  20index                      user-*\n",
        Shell.run(events + "plugins" + flags));
    assertEquals(
        """
        user-created
          runs      10a                          %s
          runs      20index                      %s
        """
            .formatted(stage.events(), jar("index.jar")),
        Shell.run(events + "handlers " + EVENT + flags));
    String tested = Shell.run(events + "test " + EVENT + flags);
    assertTrue(tested.contains("20index completed in "), tested);
    assertTrue(tested.contains(CHANNEL + " completed (0) at step 20index"), tested);
    assertTrue(
        Shell.run(events + "plugins --json" + flags)
            .startsWith(
                "{\"plugins\":[{\"plugin\":\"index\",\"path\":\""
                    + jar("index.jar")
                    + "\",\"steps\":[{\"step\":\"20index\",\"class\":\"index.Handler\","
                    + "\"events\":[\"user-*\"],\"sources\":[\"*\"]}],\"providers\":[]}]"));
  }
}
