package org.nethserver.events.exec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.StepEntry.Disposition;

final class ScriptDirectoryTest {
  @TempDir private Path root;
  private Scripts scripts;

  @BeforeEach
  void open() {
    scripts = new Scripts(root);
  }

  @AfterEach
  void close() {
    scripts.close();
  }

  @Test
  void eventWithoutDirectoryHasNoSteps() {
    assertEquals(List.of(), scripts.entries());
  }

  @Test
  void missingEventsDirectoryHasNoStepsUntilItAppears() throws IOException {
    try (Scripts later = new Scripts(root.resolve("later"))) {
      assertEquals(List.of(), later.entries());
      later.bash("10first", "true");
      assertEquals(List.of("10first"), later.names());
    }
  }

  @Test
  void everyLookUpIsFresh() throws IOException {
    Path first = scripts.bash("10first", "true");
    assertEquals(List.of("10first"), scripts.names());
    scripts.bash("05earlier", "true");
    Files.delete(first);
    assertEquals(List.of("05earlier"), scripts.names());
    Files.move(scripts.eventDirectory(), root.resolve("old-event"));
    assertEquals(List.of(), scripts.entries());
    scripts.bash("99new", "true");
    assertEquals(List.of("99new"), scripts.names());
  }

  @Test
  void fileInPlaceOfTheDirectoryIsNoEvent() throws IOException {
    Files.writeString(scripts.eventDirectory(), "");
    assertEquals(List.of(), scripts.entries());
  }

  @Test
  void manyFilesAreAllFound() {
    List<String> names =
        IntStream.range(0, 700).mapToObj("step-with-a-long-name-%03d"::formatted).toList();
    names.forEach(name -> scripts.bash(name, "true"));
    assertEquals(names, scripts.names());
  }

  @Test
  void nameIsKeptByItsBytes() throws IOException {
    Files.createDirectories(scripts.eventDirectory());
    URI odd = URI.create(scripts.eventDirectory().toUri() + "10%FF%0A%C3%A4");
    Files.writeString(Path.of(odd), "#!/bin/sh\n");
    Scripts.chmod(Path.of(odd), "rwxr-xr-x");
    assertArrayEquals(
        new byte[] {'1', '0', (byte) 0xff, '\n', (byte) 0xc3, (byte) 0xa4},
        scripts.entries().getFirst().name().bytes());
    assertTrue(
        scripts.entries().getFirst().origin().endsWith("/10\ufffd\\x0aä"),
        scripts.entries().getFirst().origin());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".hidden",
        "10a~",
        "10a.rpmsave",
        "10a.rpmnew",
        "10a.rpmorig",
        "10a.swp",
        "10a.bak",
        "10a.dpkg-old",
        "10a.dpkg-new",
        "10a.dpkg-dist"
      })
  void leftoversOfEditorsAndPackagesArePassedOver(String name) {
    scripts.bash(name, "true");
    assertInstanceOf(Disposition.PassedOver.class, scripts.disposition(name));
  }

  @Test
  void similarNamesAreSteps() {
    List<String> names = List.of("10a.bak2", "10bak", "20a.dpkg", "30~a", "bak");
    names.forEach(name -> scripts.bash(name, "true"));
    for (String name : names) {
      assertInstanceOf(Disposition.Runs.class, scripts.disposition(name));
    }
  }

  @Test
  void directoriesAreNoStepsNorAreLinksToThem() throws IOException {
    Files.createDirectories(scripts.eventDirectory().resolve("10dir"));
    link("20link", "10dir");
    assertEquals(new Disposition.PassedOver("it is a directory"), scripts.disposition("10dir"));
    assertEquals(new Disposition.PassedOver("it is a directory"), scripts.disposition("20link"));
  }

  @Test
  void linkToDevNullMasks() throws IOException {
    Files.createDirectories(scripts.eventDirectory());
    link("10masked", "/dev/null");
    link("20masked", "10masked");
    assertEquals(new Disposition.Masks(), scripts.disposition("10masked"));
    assertEquals(new Disposition.Masks(), scripts.disposition("20masked"));
  }

  @Test
  void linkIsFollowed() throws IOException {
    scripts.bash("10real", "true");
    Files.createDirectories(root.resolve("other-event"));
    Files.move(scripts.eventDirectory().resolve("10real"), root.resolve("other-event/10real"));
    link("20link", "../other-event/10real");
    link("30absolute", root.resolve("other-event/10real").toString());
    assertInstanceOf(Disposition.Runs.class, scripts.disposition("20link"));
    assertInstanceOf(Disposition.Runs.class, scripts.disposition("30absolute"));
  }

  @Test
  void linkedEventDirectoryIsFollowed() throws IOException {
    scripts.bash("10real", "true");
    Files.createSymbolicLink(root.resolve("alias-event"), Path.of(Scripts.EVENT.text()));
    EventName alias = new EventName("alias-event");
    assertInstanceOf(
        Disposition.Runs.class, scripts.source().entries(alias).getFirst().disposition());
  }

  @Test
  void danglingLinkIsRefusedWithItsCure() throws IOException {
    Files.createDirectories(scripts.eventDirectory());
    link("10gone", "nowhere");
    link("20loop", "20loop");
    assertEquals(
        "its symbolic link leads nowhere; mend the link or remove it", scripts.refusal("10gone"));
    assertEquals("it cannot be examined: too many symbolic links", scripts.refusal("20loop"));
  }

  @Test
  void fileWithoutExecutePermissionIsRefusedWithItsModeAndCure() {
    scripts.file("10plain", "#!/bin/sh\n", "rw-r--r--");
    assertEquals("not executable (mode 0644); run chmod +x", scripts.refusal("10plain"));
  }

  @Test
  void relativeEventsDirectoryIsAnErrorOfTheSettings() {
    AgentSettings settings =
        new AgentSettings("module/test1", List.of(Path.of("events")), Trust.OWNER);
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> new ScriptStepProvider().open(settings));
    assertEquals(
        "the events directory \"events\" is not absolute; give its whole path", error.getMessage());
  }

  @Test
  void moduleWithoutNativeAccessIsToldTheFlag() {
    // A module that nobody grants it to.
    Module module = EventName.class.getModule();
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class, () -> ScriptStepProvider.checkNativeAccess(module));
    assertEquals(
        "scripts cannot be started, since module org.nethserver.events.api may not call the C"
            + " library; start Java with --enable-native-access=org.nethserver.events.api",
        error.getMessage());
  }

  @Test
  void severalDirectoriesAreSeveralSourcesInTheirOrder() {
    List<Path> roots = List.of(root.resolve("a"), root.resolve("b"));
    var sources = new ScriptStepProvider().open(new AgentSettings("node/1", roots, Trust.OWNER));
    List<String> origins = new ArrayList<>();
    sources.forEach(source -> origins.add(source.origin()));
    sources.forEach(source -> source.close());
    assertEquals(roots.stream().map(Path::toString).toList(), origins);
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(scripts.eventDirectory().resolve(name), Path.of(target));
  }
}
