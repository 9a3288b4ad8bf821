package org.nethserver.events.agent.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nethserver.events.agent.testing.PluginCompiler.modular;
import static org.nethserver.events.agent.testing.PluginCompiler.plain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.agent.testing.PluginCompiler;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.spi.AgentSettings.Trust;

final class PluginsTests {
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

  /** Loads, with a good plugin beside the one that is tested. */
  private String problem() {
    modular("good", "50good", "user-created", NOTHING).jar(jar("zz-good.jar"));
    PluginReport report = stage.load();
    assertEquals(
        List.of("zz-good"),
        report.plugins().stream().map(PluginReport.Loaded::name).toList(),
        report.problems().toString());
    assertEquals(1, report.problems().size(), report.problems().toString());
    return report.problems().getFirst().toString().replace(stage.directory().toString(), "DIR");
  }

  @Nested
  final class Loads {
    @Test
    void modularJar() throws IOException {
      modular("index", "30index", "user-*", NOTHING).jar(jar("index.jar"));
      assertEquals("[\"index\": 30index for user-*]", stage.load().plugins().toString());
      assertEquals(List.of("30index"), stage.steps("user-created"));
      assertEquals(List.of(), stage.steps("module-added"));
    }

    @Test
    void plainJarWithServices() {
      plain("mail", "40mail", "user-created", NOTHING)
          .manifest("Implementation-Version", "1.2")
          .jar(jar("mail.jar"));
      PluginReport.Loaded loaded = stage.load().plugins().getFirst();
      assertEquals("mail 1.2", loaded.name() + " " + loaded.version());
      assertEquals(List.of("40mail"), stage.steps("user-created"));
    }

    @Test
    void versionFromTheFileNameOfAPlainJar() {
      plain("mail", "40mail", "user-created", NOTHING).jar(jar("mail-1.3.jar"));
      assertEquals("1.3", stage.load().plugins().getFirst().version());
    }

    @Test
    void directoryOfJarsAsOnePlugin() {
      Path library =
          new PluginCompiler()
              .type("lib.Lib", "package lib; public class Lib { public static int v = 7; }")
              .type("module-info", "module lib { exports lib; }")
              .jar(jar("both/lib.jar"));
      new PluginCompiler()
          .handler("both.Handler", "30both", "user-created", "int i = lib.Lib.v; " + NOTHING)
          .module(
              "both",
              "requires lib; provides " + EventHandler.class.getName() + " with both.Handler;")
          .library(library)
          .jar(jar("both/both.jar"));
      assertEquals(List.of("both"), names(stage.load()));
      assertEquals("completed", stage.run("user-created"));
    }

    @Test
    void modularHandlerWithPlainLibraryBesideIt() {
      Path library =
          new PluginCompiler()
              .type("old.Old", "package old; public class Old { public static int v = 7; }")
              .jar(jar("mixed/old.jar"));
      new PluginCompiler()
          .handler("mixed.Handler", "30mixed", "user-created", "int i = old.Old.v; " + NOTHING)
          .module(
              "mixed",
              "requires old; provides " + EventHandler.class.getName() + " with mixed.Handler;")
          .library(library)
          .jar(jar("mixed/mixed.jar"));
      assertEquals(List.of("mixed"), names(stage.load()));
      assertEquals("completed", stage.run("user-created"));
    }

    @Test
    void ownVersionOfALibraryThatTheImageHasToo() {
      for (String kind : List.of("modular", "plain")) {
        Path library =
            new PluginCompiler()
                .type(
                    "tools.jackson.core.Version",
                    "package tools.jackson.core; public class Version {"
                        + " public static String own() { return \"own\"; } }")
                .type("module-info", "module tools.jackson.core { exports tools.jackson.core; }")
                .jar(jar(kind + "/jackson-core.jar"));
        PluginCompiler handler =
            new PluginCompiler()
                .handler(
                    kind + ".Handler",
                    "30" + kind,
                    "user-created",
                    "tools.jackson.core.Version.own(); " + NOTHING)
                .library(library);
        if (kind.equals("modular")) {
          handler.module(
              kind,
              "requires tools.jackson.core; provides "
                  + EventHandler.class.getName()
                  + " with "
                  + kind
                  + ".Handler;");
        } else {
          handler.service(EventHandler.class, kind + ".Handler");
        }
        handler.jar(jar(kind + "/handler.jar"));
      }
      assertEquals(List.of("modular", "plain"), names(stage.load()));
      assertEquals("completed", stage.run("user-created"));
    }

    @Test
    void nothingOfAMissingDirectoryAndSaysNothing() throws IOException {
      Files.delete(stage.directory());
      assertEquals(new PluginReport(List.of(), List.of()), stage.load());
    }

    @Test
    void nothingOfHiddenFilesAndLeavings() throws IOException {
      Path jar = modular("a", "10a", "user-created", NOTHING).jar(jar("a.jar"));
      for (String name : List.of(".b.jar", "b.jar~", "b.jar.bak", "b.jar.rpmsave", "README")) {
        Files.copy(jar, jar(name));
      }
      Files.createDirectory(jar("empty"));
      PluginReport report = stage.load();
      assertEquals(List.of("a"), names(report));
      assertEquals(List.of(), report.problems());
    }
  }

  private static List<String> names(PluginReport report) {
    assertEquals(List.of(), report.problems());
    return report.plugins().stream().map(PluginReport.Loaded::name).toList();
  }

  @Nested
  final class Refuses {
    @Test
    void truncatedJar() throws IOException {
      Path jar = modular("x", "10x", "user-created", NOTHING).jar(jar("x.jar"));
      byte[] bytes = Files.readAllBytes(jar);
      Files.write(jar, Arrays.copyOf(bytes, bytes.length / 2));
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": \"x.jar\" is no jar, or only a part of one (zip END"
              + " header not found); copy it there anew, best under another name and then renamed",
          problem());
    }

    @Test
    void missingRequirement() throws IOException {
      Path library =
          new PluginCompiler()
              .type("module-info", "module lib { }")
              .jar(temporary.resolve("l.jar"));
      new PluginCompiler()
          .handler("x.Handler", "10x", "user-created", NOTHING)
          .module(
              "x", "requires lib; provides " + EventHandler.class.getName() + " with x.Handler;")
          .library(library)
          .jar(jar("x.jar"));
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": \"x\" requires the module \"lib\", which neither the"
              + " plugin nor the image has; put its jar beside the plugin's, in a directory of"
              + " their own",
          problem());
    }

    @Test
    void libraryOfTheAgentAsARequirement() throws IOException {
      Path library =
          new PluginCompiler()
              .type("module-info", "module tools.jackson.core { }")
              .jar(temporary.resolve("l.jar"));
      new PluginCompiler()
          .handler("x.Handler", "10x", "user-created", NOTHING)
          .module(
              "x",
              "requires tools.jackson.core; provides "
                  + EventHandler.class.getName()
                  + " with x.Handler;")
          .library(library)
          .jar(jar("x.jar"));
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": \"x\" requires the module \"tools.jackson.core\", which"
              + " neither the plugin nor the image has; put its jar beside the plugin's, in a"
              + " directory of their own",
          problem());
    }

    @Test
    void classVersionOfALaterJava() throws IOException {
      for (String kind : List.of("modular", "plain")) {
        (kind.equals("plain")
                ? plain("x", "10x", "user-created", NOTHING)
                : modular("x", "10x", "user-created", NOTHING))
            .classVersion(71)
            .jar(jar("x.jar"));
        assertEquals(
            "Plugin \"x\" in \"DIR/x.jar\": it is compiled for Java 27 (class version 71), and"
                + " this image runs Java 25; compile it with --release 25 or lower",
            problem(),
            kind);
        stage.close();
        stage = new PluginStage(temporary, Trust.OWNER);
      }
    }

    @Test
    void providerWithoutPublicConstructor() {
      new PluginCompiler()
          .type(
              "x.Handler",
              """
              package x;
              import java.util.Set;
              import org.nethserver.events.api.*;
              public class Handler implements EventHandler {
                Handler(int i) {}
                public String step() { return "10x"; }
                public Set<String> events() { return Set.of("a"); }
                public HandlerResult handle(Event e, HandlerContext c) { return null; }
              }
              """)
          .service(EventHandler.class, "x.Handler")
          .jar(jar("x.jar"));
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": the provider x.Handler is no public class with a public"
              + " constructor without parameters; make both public",
          problem());
    }

    @Test
    void constructorThatThrows() {
      withMember("Handler() {}", "public Handler() { throw new Error(\"no database\"); }");
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": the constructor of x.Handler threw java.lang.Error: no"
              + " database; mend the plugin and reload the agent",
          problem());
    }

    private void withMember(String ignored, String member) {
      withMembers(member, "return \"10x\";", "return Set.of(\"user-created\");");
    }

    private void withMembers(String member, String step, String events) {
      new PluginCompiler()
          .type(
              "x.Handler",
              """
              package x;
              import java.util.Set;
              import org.nethserver.events.api.*;
              public class Handler implements EventHandler {
                %s
                public String step() { %s }
                public Set<String> events() { %s }
                public HandlerResult handle(Event e, HandlerContext c) { return null; }
              }
              """
                  .formatted(member, step, events))
          .service(EventHandler.class, "x.Handler")
          .jar(jar("x.jar"));
    }

    @Test
    void bundledApi() {
      plain("x", "10x", "user-created", NOTHING)
          .resource("org/nethserver/events/api/Event.class", "x")
          .jar(jar("x.jar"));
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": \"x.jar\" holds the events API itself, whose types would"
              + " be others than the agent's; leave org.nethserver.events.api out (in Maven:"
              + " <scope>provided</scope>)",
          problem());
    }

    @Test
    void secondPluginOfOneModule() {
      modular("good", "10other", "module-added", NOTHING).jar(jar("zzz.jar"));
      assertEquals(
          "Plugin \"zzz\" in \"DIR/zzz.jar\": its module \"good\" is also that of"
              + " \"zz-good.jar\", which stays; remove one of the two",
          problem());
    }

    @Test
    void fileNameOfWhichNoModuleNameCanBeMade() {
      plain("x", "10x", "user-created", NOTHING).jar(jar("1x.jar"));
      assertEquals(
          "Plugin \"1x\" in \"DIR/1x.jar\": no name of a module can be made of the file name"
              + " \"1x.jar\" (1x: Invalid module name: '1x' is not a Java identifier); rename it,"
              + " or name the module in its manifest: Automatic-Module-Name",
          problem());
    }

    @Test
    void packageInTwoModulesOfOnePlugin() {
      modular("a", "10x", "user-created", NOTHING)
          .type("p.A", "package p; class A {}")
          .jar(jar("x/a.jar"));
      new PluginCompiler()
          .type("p.B", "package p; class B {}")
          .type("module-info", "module b {}")
          .jar(jar("x/b.jar"));
      assertEquals(
          "Plugin \"x\" in \"DIR/x\": its modules do not fit together: Package p in more than one"
              + " module; mend the plugin",
          problem());
    }

    @Test
    void stepThatAnEarlierPluginOfTheDirectoryHas() {
      modular("good", "50good", "user-created", NOTHING).jar(jar("zz-good.jar"));
      modular("x", "50good", "user-*", NOTHING).jar(jar("zzz.jar"));
      PluginReport report = stage.load();
      assertEquals(
          "[Plugin \"zzz\" in \"DIR/zzz.jar\": its step \"50good\" for [user-*] is there already,"
              + " of plugin \"zz-good\"; rename one of the two, or put this plugin into a later"
              + " directory to replace the other]",
          report.problems().toString().replace(stage.directory().toString(), "DIR"));
      assertEquals(List.of("50good"), stage.steps("user-created"));
      assertEquals(List.of(), stage.steps("user-removed"));
    }

    @Test
    void wrongNames() {
      withMembers("", "return \"a/b\";", "return Set.of(\"user-created\");");
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": x.Handler names its step \"a/b\"; a step's name is that"
              + " of a file, such as 30index: 1 to 255 bytes without \"/\" and NUL",
          problem());
      withMembers("", "return \"10x\";", "return Set.of(\"user created\");");
      assertTrue(
          problem()
              .contains(
                  "x.Handler.events() has \"user created\": the event name has a character outside"
                      + " A-Z a-z 0-9 . _ -; give a name, or a pattern with * and ? in it"),
          this::problem);
      withMembers("", "return \"10x\";", "return Set.of();");
      assertTrue(problem().contains("x.Handler.events() names nothing"), this::problem);
      withMembers(
          "",
          "return \"10x\";",
          "return new java.util.HashSet<>(Set.of(\"a\")) {"
              + " public java.util.Iterator iterator() { throw new Error(); } };");
      assertTrue(problem().contains("x.Handler.events() threw java.lang.Error"), this::problem);
      withMembers("", "return null;", "return Set.of(\"a\");");
      assertTrue(problem().contains("x.Handler.step() returned null"), this::problem);
      withMembers("", "throw new StackOverflowError();", "return Set.of(\"a\");");
      assertTrue(
          problem().contains("x.Handler.step() threw java.lang.StackOverflowError"), this::problem);
    }

    private String problem() {
      return PluginsTests.this.problem();
    }

    @Test
    void constructorThatDoesNotReturn() {
      withMembers(
          "public Handler() { for (;;) Thread.yield(); }",
          "return \"10x\";",
          "return Set.of(\"a\");");
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": its code does not return within 1 s, at"
              + " x.Handler.<init> (line N); mend the plugin and reload the agent",
          problem().replaceAll("line [0-9]+", "line N"));
    }

    @Test
    void exceptionThatThrowsWhenItIsAsked() {
      withMembers(
          "static class Odd extends RuntimeException {"
              + " public String getMessage() { throw new Odd(); } }",
          "throw new Odd();",
          "return Set.of(\"a\");");
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": x.Handler.step() threw x.Handler$Odd, which throws when"
              + " it is asked what it means; mend the plugin and reload the agent",
          problem());
    }

    @Test
    void fifoInPlaceOfAJar() throws IOException, InterruptedException {
      String fifo = jar("x.jar").toString();
      assertEquals(0, new ProcessBuilder("mkfifo", "-m", "0600", fifo).start().waitFor());
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": \"x.jar\" is no regular file; put a jar in its place",
          problem());
    }

    @Test
    void jarThatProvidesNothing() {
      new PluginCompiler().type("x.X", "package x; class X {}").jar(jar("x.jar"));
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": it provides no EventHandler, StepProvider or"
              + " TransportProvider; name the provider in its module-info.java (provides … with …)"
              + " or in META-INF/services",
          problem());
    }

    @Test
    void handlerForAnotherApi() {
      // Compiled against a type that the image's API has not.
      Path api =
          new PluginCompiler()
              .type(
                  "org.nethserver.events.api.Newer",
                  "package org.nethserver.events.api; public class Newer {}")
              .jar(temporary.resolve("api.jar"));
      new PluginCompiler()
          .library(api)
          .handler("x.Handler", "10x", "user-created", NOTHING)
          .type(
              "x.Fields",
              "package x; public class Fields extends org.nethserver.events.api.Newer {}")
          .type(
              "x.Handler2",
              """
              package x;
              public class Handler2 extends Handler {
                static final Object NEWER = new Fields();
              }
              """)
          .service(EventHandler.class, "x.Handler2")
          .jar(jar("x.jar"));
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": the provider x.Handler2 cannot be linked:"
              + " java.lang.NoClassDefFoundError: org/nethserver/events/api/Newer; build the plugin"
              + " for the API and the libraries that are there, or bring those it needs",
          problem().replace("the constructor of", "the provider"));
    }
  }

  @Nested
  final class Trusts {
    private void mode(Path path, String mode) throws IOException {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void noJarThatEveryoneMayWrite() throws IOException {
      mode(modular("x", "10x", "user-created", NOTHING).jar(jar("x.jar")), "rw-rw-rw-");
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": \"DIR/x.jar\" is writable by everyone (mode 0666); run"
              + " chmod o-w",
          problem());
    }

    @Test
    void noJarInADirectoryThatEveryoneMayWrite() throws IOException {
      modular("x", "10x", "user-created", NOTHING).jar(jar("x/x.jar"));
      mode(jar("x"), "rwxrwxrwx");
      assertEquals(
          "Plugin \"x\" in \"DIR/x\": \"DIR/x\" is writable by everyone (mode 0777); run chmod"
              + " o-w",
          problem());
    }

    @Test
    void nothingInAPluginsDirectoryThatEveryoneMayWrite() throws IOException {
      modular("x", "10x", "user-created", NOTHING).jar(jar("x.jar"));
      mode(stage.directory(), "rwxrwxrwx");
      PluginReport report = stage.load();
      assertEquals(List.of(), report.plugins());
      assertEquals(
          "[Plugins in \"DIR\": \"DIR\" is writable by everyone (mode 0777); run chmod o-w]",
          report.problems().toString().replace(stage.directory().toString(), "DIR"));
    }

    @Test
    void noLinkThroughADirectoryThatEveryoneMayWrite() throws IOException {
      Path open = Files.createDirectory(temporary.resolve("open"));
      mode(open, "rwxrwxrwx");
      modular("x", "10x", "user-created", NOTHING).jar(open.resolve("x.jar"));
      Files.createSymbolicLink(jar("x.jar"), Path.of("../open/x.jar"));
      assertEquals(
          "Plugin \"x\" in \"DIR/x.jar\": \""
              + open.toRealPath()
              + "\" is writable by everyone (mode 0777); run chmod o-w",
          problem());
    }

    @Test
    void linkToATrustedJar() throws IOException {
      Path closed = Files.createDirectory(temporary.resolve("closed"));
      modular("x", "10x", "user-created", NOTHING).jar(closed.resolve("x.jar"));
      Files.createSymbolicLink(jar("x.jar"), closed.resolve("x.jar"));
      assertEquals(List.of("x"), names(stage.load()));
    }

    @Test
    void anyJarWhereTrustIsAny() throws IOException {
      stage.close();
      stage = new PluginStage(temporary, Trust.ANY);
      mode(modular("x", "10x", "user-created", NOTHING).jar(jar("x.jar")), "rw-rw-rw-");
      mode(stage.directory(), "rwxrwxrwx");
      assertEquals(List.of("x"), names(stage.load()));
    }
  }

  @Nested
  final class Copies {
    private List<Path> staged() throws IOException {
      try (Stream<Path> files = Files.walk(stage.base())) {
        return files.filter(Files::isRegularFile).toList();
      }
    }

    @Test
    void areForTheAgentAloneAndGoWithIt() throws IOException {
      modular("x", "10x", "user-created", NOTHING).jar(jar("x.jar"));
      stage.load();
      Path copy = staged().getFirst();
      assertEquals(
          Set.copyOf(PosixFilePermissions.fromString("rwx------")),
          Files.getPosixFilePermissions(copy.getParent().getParent()));
      stage.close();
      assertEquals(List.of(), staged());
    }

    @Test
    void letAJarBeReplacedInPlace() throws IOException {
      Path jar =
          modular("x", "10x", "user-created", "new Later(); " + NOTHING)
              .type("x.Later", "package x; class Later {}")
              .jar(jar("x.jar"));
      stage.load();
      Files.write(jar, new byte[10]);
      assertEquals("completed", stage.run("user-created"));
    }

    @Test
    void ofADeadProcessAreRemoved() throws IOException {
      String space =
          Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().replaceAll("[^0-9]", "");
      // Beyond any number that Linux gives.
      Path dead =
          Files.createDirectory(stage.base().resolve("events-plugins-" + space + "-4194305-1"));
      Files.createFile(dead.resolve("x.jar"));
      Path other = Files.createDirectory(stage.base().resolve("events-plugins-1-4194305-1"));
      modular("x", "10x", "user-created", NOTHING).jar(jar("x.jar"));
      stage.load();
      assertFalse(Files.exists(dead));
      assertTrue(Files.exists(other), "it is of another container");
    }

    @Test
    void ofADeadProcessMayBeRemovedByManyAtOnce()
        throws IOException, InterruptedException, ExecutionException {
      String space =
          Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().replaceAll("[^0-9]", "");
      for (int i = 0; i < 300; i++) {
        Files.createDirectory(stage.base().resolve("events-plugins-" + space + "-4194305-" + i));
      }
      try (ExecutorService others = Executors.newFixedThreadPool(4)) {
        for (Future<Staging> other :
            others.invokeAll(
                Collections.<Callable<Staging>>nCopies(4, () -> Staging.open(stage.base())))) {
          other.get().close();
        }
      }
      assertEquals(List.of(), staged());
    }
  }
}
