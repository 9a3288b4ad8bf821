package org.nethserver.events.agent.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nethserver.events.agent.testing.PluginCompiler.modular;
import static org.nethserver.events.agent.testing.PluginCompiler.plain;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.testing.PluginCompiler;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.StepSource;

final class ReloadTests {
  private static final EventName EVENT = new EventName("user-created");
  private static final String NOTHING = "return new HandlerResult.Success();";

  @TempDir Path temporary;
  private PluginStage stage;

  @BeforeEach
  void open() {
    stage = new PluginStage(temporary, Trust.OWNER);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private Path jar(String name) {
    return stage.directory().resolve(name);
  }

  private static String fails(int code) {
    return "return new HandlerResult.Failure(" + code + ", \"\");";
  }

  private void install(String name, int code) {
    modular(name, "30" + name, EVENT.text(), fails(code)).jar(jar(name + ".jar"));
  }

  @Test
  void leavesWhatHasNotChanged() {
    install("a", 1);
    stage.load();
    List<StepSource> before = stage.sources();
    Object loader = loader(before);
    assertEquals(List.of(), stage.plugins().reload());
    List<StepSource> after = stage.sources();
    assertEquals(loader, loader(after));
    before.forEach(StepSource::close);
    after.forEach(StepSource::close);
  }

  @Test
  void loadsWhatIsNewOrChangedAndLetsGoWhatIsGone() throws IOException {
    install("a", 1);
    install("b", 1);
    stage.load();
    Files.delete(jar("a.jar"));
    install("b", 2);
    install("c", 3);
    assertEquals(
        List.of("\"b\" is in place of the former", "\"c\" is new", "\"a\" is gone"),
        stage.plugins().reload());
    assertEquals(List.of("30b", "30c"), stage.steps(EVENT.text()));
  }

  @Test
  void keepsTheOldVersionWhereTheNewIsBad() throws IOException {
    install("a", 1);
    stage.load();
    Files.write(jar("a.jar"), new byte[10]);
    assertEquals(List.of(), stage.plugins().reload());
    String problem = stage.plugins().report().problems().getFirst().toString();
    assertTrue(
        problem.endsWith(
            "(zip END header not found); the version that was loaded before stays in use; copy it"
                + " there anew, best under another name and then renamed"),
        problem);
    assertEquals("Failed[code=1] []", stage.run(EVENT.text()));
    install("a", 2);
    assertEquals(List.of("\"a\" is in place of the former"), stage.plugins().reload());
    assertEquals("Failed[code=2] []", stage.run(EVENT.text()));
  }

  @Test
  void keepsTheOldVersionWhereAPartOfTheNewIsBad() {
    install("a", 1);
    stage.load();
    new PluginCompiler()
        .handler("a.Good", "30a", EVENT.text(), fails(2))
        .handler("a.Bad", "a/b", EVENT.text(), NOTHING)
        .service(EventHandler.class, "a.Good\na.Bad")
        .jar(jar("a.jar"));
    assertEquals(List.of(), stage.plugins().reload());
    assertEquals(1, stage.plugins().report().problems().size());
    assertEquals("Failed[code=1] []", stage.run(EVENT.text()));
  }

  @Test
  void keepsAllOfADirectoryThatIsNoLongerTrusted() throws IOException {
    install("a", 1);
    stage.load();
    Files.setPosixFilePermissions(stage.directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
    install("a", 2);
    assertEquals(List.of(), stage.plugins().reload());
    assertEquals(1, stage.plugins().report().problems().size());
    assertEquals("Failed[code=1] []", stage.run(EVENT.text()));
  }

  @Test
  void closesTheOldVersionAfterItsLastRunAndNotBefore() {
    Path closed = temporary.resolve("closed");
    new PluginCompiler()
        .type(
            "a.Handler",
            """
            package a;
            import java.nio.file.*;
            import java.util.Set;
            import org.nethserver.events.api.*;
            public class Handler implements EventHandler {
              public String step() { return "30a"; }
              public Set<String> events() { return Set.of("user-created"); }
              public HandlerResult handle(Event e, HandlerContext c) {
                return Files.exists(Path.of("%1$s"))
                    ? new HandlerResult.Failure(9, "called when closed")
                    : new HandlerResult.Success();
              }
              public void close() throws Exception {
                Files.createFile(Path.of("%1$s"));
                throw new IllegalStateException("for the test");
              }
            }
            """
                .formatted(closed))
        .service(EventHandler.class, "a.Handler")
        .jar(jar("a.jar"));
    stage.load();
    List<StepSource> running = stage.sources();
    install("a", 2);
    assertEquals(1, stage.plugins().reload().size());
    assertEquals("Failed[code=2] []", stage.run(EVENT.text()));
    assertEquals("completed", PluginStage.run(running, EVENT.text()));
    running.forEach(StepSource::close);
    assertEquals(
        "Plugin \"a\" in \"DIR/a.jar\": a.Handler.close() threw java.lang.IllegalStateException:"
            + " for the test; mend the plugin and reload the agent",
        stage.awaitTold());
    assertTrue(Files.exists(closed));
  }

  @Test
  void letsTheOldLoaderBeCollected() throws InterruptedException {
    for (boolean modules : new boolean[] {true, false}) {
      PluginCompiler first =
          modules
              ? modular("a", "30a", EVENT.text(), NOTHING)
              : plain("a", "30a", EVENT.text(), NOTHING);
      first.jar(jar("a.jar"));
      stage.load();
      assertEquals("completed", stage.run(EVENT.text()));
      WeakReference<Object> loader = weakLoader();
      install("a", 2);
      stage.plugins().reload();
      assertEquals("Failed[code=2] []", stage.run(EVENT.text()));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (loader.get() != null && System.nanoTime() < deadline) {
        System.gc();
        Thread.onSpinWait();
      }
      assertTrue(loader.refersTo(null), "the old loader is held, modules: " + modules);
    }
  }

  private WeakReference<Object> weakLoader() {
    List<StepSource> sources = stage.sources();
    try {
      return new WeakReference<>(loader(sources));
    } finally {
      sources.forEach(StepSource::close);
    }
  }

  private static Object loader(List<StepSource> sources) {
    return ((HandlerSource) sources.getFirst()).loader();
  }

  @Test
  void loadsAStuckPluginAnewThoughItIsUnchanged() throws IOException {
    Path begun = temporary.resolve("begun");
    Path mended = temporary.resolve("mended");
    modular(
            "a",
            "30a",
            EVENT.text(),
            """
            java.nio.file.Files.write(java.nio.file.Path.of("%s"), new byte[0]);
            while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) {}
            %s
            """
                .formatted(begun, mended, NOTHING))
        .jar(jar("a.jar"));
    stage.load();
    assertEquals(
        "refused: plugin \"a\" is stuck: a call of it did not return; mend it and reload the agent",
        stage.giveUp(EVENT.text(), begun));
    Files.createFile(mended);
    assertEquals(List.of("\"a\" is in place of the former"), stage.plugins().reload());
    assertEquals("completed", stage.run(EVENT.text()));
  }

  @Test
  void namesThreadsThatTheOldVersionLeavesBehind() {
    modular(
            "a",
            "30a",
            EVENT.text(),
            "new Thread(() -> { while (true) java.util.concurrent.locks.LockSupport.park(); },"
                + " \"left-behind\") {{ setDaemon(true); start(); }}; "
                + NOTHING)
        .jar(jar("a.jar"));
    stage.load();
    assertEquals("completed", stage.run(EVENT.text()));
    install("a", 2);
    stage.plugins().reload();
    assertEquals(
        "Plugin \"a\" in \"DIR/a.jar\": its threads live on after its close, and so does all that"
            + " it holds in memory: \"left-behind\"; end them in the handler's close()",
        stage.awaitTold());
  }
}
