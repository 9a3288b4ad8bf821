package org.nethserver.events.distribution.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nethserver.events.agent.testing.PluginCompiler;
import org.nethserver.events.api.spi.StepProvider;
import org.nethserver.events.api.spi.TransportProvider;

/** Kinds of steps and transports that plugins bring, in the built image. */
@Unclaimed
class ProvidersIT {
  @RegisterExtension final Stage stage = new Stage();
  private Path plugins;

  @BeforeEach
  void directory() {
    plugins = stage.directory("plugins");
  }

  /** A kind of step that takes what it says from its version. */
  private void steps(int version) {
    new PluginCompiler()
        .type(
            "kind.Provider",
            """
            package kind;
            import java.util.List;
            import org.nethserver.events.api.*;
            import org.nethserver.events.api.spi.*;
            public class Provider implements StepProvider, StepSource {
              private AgentSettings agent;
              public List<StepSource> open(AgentSettings agent) {
                this.agent = agent;
                return List.of(this);
              }
              public String origin() { return "kind"; }
              public List<StepEntry> entries(EventName event) {
                return List.of(
                    new StepEntry(StepName.of("20kind"), "kind", new StepEntry.Disposition.Runs(this::start)));
              }
              private Step.Execution start(StepRun run, StepListener listener) {
                listener.started();
                listener.output(StepListener.Stream.STDOUT,
                    ("version %d for " + agent.id() + " of " + agent.eventsDirectories().size()
                        + ", " + run.event().channel()).getBytes());
                listener.ended(new Outcome.Completed());
                return grace -> {};
              }
              public void close() {}
            }
            """
                .formatted(version))
        .service(StepProvider.class, "kind.Provider")
        .jar(plugins.resolve("kind.jar"));
  }

  @Test
  void stepsOfAPluginRunAmongScriptsAndAreReloaded() {
    steps(1);
    stage.step("user-created", "10a", "echo first");
    stage.step("user-created", "30c", "echo third");
    ContractAgent agent = stage.agent("--pluginsdir=" + plugins);
    assertEquals("\"completed\" (0) at step 30c", agent.run("cluster/event/user-created", "{}"));
    assertEquals(
        List.of("first", "version 1 for module/test1 of 1, cluster/event/user-created", "third"),
        agent.awaitStepLines(3, line -> true));
    steps(2);
    agent.signal("HUP");
    agent.awaitLine("Signal SIGHUP caught: plugin \"kind\" is in place of the former");
    assertEquals("\"completed\" (0) at step 20kind", agent.run("cluster/event/other", "{}"));
    agent.awaitStepLines(
        1, line -> line.equals("version 2 for module/test1 of 1, cluster/event/other"));
  }

  /** A transport that brings one event, and takes any. */
  private void transport(String payload) {
    new PluginCompiler()
        .type(
            "once.Provider",
            """
            package once;
            import java.util.*;
            import org.nethserver.events.api.spi.*;
            public class Provider implements TransportProvider, Transport, Publisher {
              public Set<String> schemes() { return Set.of("once"); }
              public Transport open(TransportSettings settings) { return this; }
              public String address() { return "once://here"; }
              public void subscribe(List<String> patterns, EventSink sink) {
                sink.subscribed();
                sink.received("module/a1/event/user-created".getBytes(), "%s".getBytes());
              }
              public <C> Optional<C> capability(Class<C> capability) {
                return capability.isInstance(this)
                    ? Optional.of(capability.cast(this)) : Optional.empty();
              }
              public long publish(byte[] channel, byte[] payload) { return 42; }
              public void close() {}
            }
            """
                .formatted(payload))
        .service(TransportProvider.class, "once.Provider")
        .jar(plugins.resolve("once.jar"));
  }

  @Test
  void transportInUseKeepsItsPluginAsItIsUntilARestart() {
    transport("first");
    stage.step("user-created", "10a", "note payload");
    ContractAgent agent =
        stage.launch().flags("--pluginsdir=" + plugins, "--redis=once://here").start();
    agent.awaitLine("\"completed\" (0) at step 10a");
    assertEquals("first", stage.noted("payload"));
    transport("second");
    agent.signal("HUP");
    agent.awaitLine(
        "<3>Plugin \"once\" in \""
            + plugins.resolve("once.jar")
            + "\": it has changed, but its transport is in use; restart the agent");
    agent.awaitLine("Signal SIGHUP caught: no plugin to load");
    assertTrue(agent.running());
  }

  @Test
  void commandsUseTransportsOfPluginsToo() {
    transport("{}");
    String events = ContractAgent.image().resolve("bin/events").toString();
    String flags = " --redis=once://here --pluginsdir=" + plugins + " 2>&1";
    String sent = Shell.run(events + " publish module/a1 user-created '{}'" + flags);
    assertTrue(sent.endsWith("Sent to 42 listeners\n"), sent);
    String tail = Shell.run(events + " tail --count=1" + flags);
    assertTrue(tail.endsWith("  module/a1/event/user-created  {}\n"), tail);
    String unknown =
        Shell.run(events + " tail --redis=never://here --pluginsdir=" + plugins + " 2>&1; true");
    assertTrue(
        unknown.contains("no transport for \"never://\" in never://here; there is one for once"),
        unknown);
  }
}
