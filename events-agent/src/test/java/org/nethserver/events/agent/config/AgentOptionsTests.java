package org.nethserver.events.agent.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.agent.run.Limits;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.AgentSettings;
import org.nethserver.events.api.spi.AgentSettings.Trust;
import org.nethserver.events.api.spi.TransportSettings;
import org.nethserver.events.api.spi.TransportSettings.Credentials;

final class AgentOptionsTests {
  private static AgentOptions options(String... arguments) {
    return AgentArguments.read(List.of(arguments)).orElseThrow();
  }

  private static Variables environment(String... lines) {
    List<byte[]> entries = new ArrayList<>();
    for (String line : lines) {
      entries.add(line.getBytes(UTF_8));
    }
    return Variables.of(entries);
  }

  private static String refusal(Runnable misuse) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, misuse::run).getMessage());
  }

  @Nested
  final class Places {
    private final Path installation = Path.of(System.getProperty("java.home"), "plugins");

    @Test
    void ofPluginsComeFirstWhereTheCommandLineNamesNone() {
      assertEquals(
          List.of(
              new StepPlace.Plugins(installation),
              new StepPlace.Plugins(Path.of("/installed/plugins")),
              new StepPlace.Events(Path.of("/one"))),
          options("--eventsdir=/one").places(environment("AGENT_INSTALL_DIR=/installed")));
      assertEquals(
          List.of(
              new StepPlace.Plugins(installation),
              new StepPlace.Plugins(Path.of("/installed/plugins")),
              new StepPlace.Events(Path.of("/installed/events"))),
          options().places(environment("AGENT_INSTALL_DIR=/installed")));
    }

    @Test
    void ofTheCommandLineKeepItsOrder() {
      assertEquals(
          List.of(
              new StepPlace.Events(Path.of("/one")),
              new StepPlace.Plugins(Path.of("/two")),
              new StepPlace.Events(Path.of("/three"))),
          options("--eventsdir=/one", "--pluginsdir=/two", "--eventsdir=/three")
              .places(environment("AGENT_INSTALL_DIR=/installed")));
    }

    @Test
    void withoutPluginsForAnEmptyDirectory() {
      assertEquals(
          List.of(new StepPlace.Events(Path.of("/one"))),
          options("--eventsdir=/one", "--pluginsdir=").places(Variables.NONE));
    }

    @Test
    void ofPluginsAloneAreEnough() {
      assertEquals(
          List.of(new StepPlace.Plugins(Path.of("/two"))),
          options("--pluginsdir=/two").places(Variables.NONE));
      assertEquals(
          "no events directory: give --eventsdir=DIR or set AGENT_INSTALL_DIR",
          refusal(() -> options("--pluginsdir=").places(Variables.NONE)));
    }
  }

  @Nested
  final class Agent {
    @Test
    void withoutIdIsRefusedWithWhatToDo() {
      String expected =
          "no agent id: say which agent this is with --agentid=ID, such as"
              + " --agentid=module/traefik1";
      assertEquals(expected, refusal(() -> options("--eventsdir=/e").agent(Variables.NONE)));
      assertEquals(
          expected, refusal(() -> options("--agentid=", "--eventsdir=/e").agent(Variables.NONE)));
    }

    @Test
    void hasTheDirectoriesInTheirOrder() {
      assertEquals(
          new AgentSettings("module/a1", List.of(Path.of("/one"), Path.of("/two")), Trust.OWNER),
          options("--agentid=module/a1", "--eventsdir=/one", "--eventsdir=/two")
              .agent(environment("AGENT_INSTALL_DIR=/installed")));
    }

    @Test
    void directoriesAreMadeAbsolute() {
      assertEquals(
          List.of(Path.of("").toAbsolutePath().resolve("events")),
          options("--agentid=a", "--eventsdir=events").agent(Variables.NONE).eventsDirectories());
    }

    @Test
    void directoryComesFromTheEnvironmentWhereTheFlagIsMissing() {
      assertEquals(
          List.of(Path.of("/installed/events")),
          options("--agentid=a")
              .agent(environment("AGENT_INSTALL_DIR=/installed"))
              .eventsDirectories());
    }

    @Test
    void emptyDirectoryFlagMeansNoneAtAll() {
      assertEquals(
          List.of(),
          options("--agentid=a", "--eventsdir=")
              .agent(environment("AGENT_INSTALL_DIR=/installed"))
              .eventsDirectories());
    }

    @ParameterizedTest
    @ValueSource(strings = {"OTHER=x", "AGENT_INSTALL_DIR="})
    void withoutAnyDirectoryIsRefusedWithWhatToDo(String variable) {
      assertEquals(
          "no events directory: give --eventsdir=DIR or set AGENT_INSTALL_DIR",
          refusal(() -> options("--agentid=a").agent(environment(variable))));
    }

    @Test
    void trustAndActionsAreTaken() {
      AgentOptions options =
          options("--agentid=a", "--eventsdir=/e", "--trust=any", "--actionsdir=/a");
      assertEquals(Trust.ANY, options.agent(Variables.NONE).trust());
      assertTrue(options.namesActions());
      assertFalse(options("--agentid=a").namesActions());
    }
  }

  @Nested
  final class Bounds {
    @Test
    void areTheContractsWhereNothingIsSaid() {
      assertEquals(
          new Limits(
              32,
              new Limits.Queue(10_000, 67_108_864),
              Limits.Ordering.CHANNEL,
              Duration.ofHours(1)),
          options().limits(Variables.NONE));
      assertEquals(Duration.ofMillis(800), options().stopGrace());
    }

    @Test
    void areThoseOfTheFlags() {
      AgentOptions options =
          options(
              "--max-concurrency=3",
              "--queue-events=0",
              "--queue-bytes=1KiB",
              "--ordering=none",
              "--step-timeout=0",
              "--stop-grace=5s");
      assertEquals(
          new Limits(3, new Limits.Queue(0, 1024), Limits.Ordering.NONE, Duration.ZERO),
          options.limits(environment("MAX_CONCURRENCY=7")));
      assertEquals(Duration.ofSeconds(5), options.stopGrace());
    }

    @ParameterizedTest
    @CsvSource({
      "7, 7",
      "1, 1",
      "0, 32",
      "-5, 32",
      "many, 32",
      "'', 32",
      "1.5, 32",
      "' 7', 32",
      "99999999999, 32"
    })
    void concurrencyIsThatOfTheEnvironmentUnlessItIsNonsense(String value, int expected) {
      assertEquals(
          expected, options().limits(environment("MAX_CONCURRENCY=" + value)).maxConcurrency());
    }
  }

  @Nested
  final class Redis {
    @TempDir private Path directory;

    private String address(Variables environment, String... arguments) {
      return options(arguments).transport(environment).address().toString();
    }

    @Test
    void isTheReplicaThenThePrimaryThenTheLocalOne() {
      Variables both = environment("REDIS_ADDRESS=p:1", "REDIS_REPLICA_ADDRESS=r:2");
      assertEquals("redis://r:2", address(both));
      assertEquals("redis://p:1", address(environment("REDIS_ADDRESS=p:1")));
      assertEquals(
          "redis://p:1", address(environment("REDIS_ADDRESS=p:1", "REDIS_REPLICA_ADDRESS=")));
      assertEquals("redis://127.0.0.1:6379", address(environment("REDIS_ADDRESS=")));
      assertEquals("rediss://other", address(both, "--redis=rediss://other"));
    }

    @Test
    void isEnteredAsUserDefaultWithTheIdAsPassword() {
      TransportSettings settings = options("--agentid=module/a1").transport(Variables.NONE);
      assertEquals(Optional.of(new Credentials("default", "module/a1")), settings.credentials());
      assertEquals("module/a1", settings.clientName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"not an address", "host:port", "/path", "a_b:1"})
    void addressThatIsNoneIsQuoted(String address) {
      assertEquals(
          "the Redis address \"" + address + "\" is not of the form HOST:PORT",
          refusal(() -> options().transport(environment("REDIS_ADDRESS=" + address))));
    }

    @Test
    void addressWithAPasswordIsNotQuoted() {
      assertEquals(
          "the Redis address is not of the form HOST:PORT: a user and a password belong into"
              + " --redis",
          refusal(() -> options().transport(environment("REDIS_ADDRESS=me:s3cret@host:1"))));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "redis://me:s3cret@ho st",
          "me:s3cret@host",
          "redis:me:s3cret@host",
          "localhost:6379",
          "127.0.0.1:6379",
          "s3cret",
          "@/no/such/file/s3cret"
        })
    void passwordIsInNoMessage(String value) {
      String message = refusal(() -> AgentFlag.REDIS.apply(new AgentOptions(), value));
      assertTrue(message.startsWith("wrong value for --redis: "), message);
      assertFalse(message.contains("s3cret") && !value.startsWith("@"), message);
      assertTrue(
          message.contains(
              value.startsWith("@") ? "the file cannot be read: " : "redis://HOST:PORT"),
          message);
    }

    @Test
    void addressCanBeReadFromAFile() throws IOException {
      Path file = Files.writeString(directory.resolve("uri"), "redis://me:s3cret@host:1\n");
      TransportSettings settings = options("--redis=@" + file).transport(Variables.NONE);
      assertEquals("redis://me:s3cret@host:1", settings.address().toString());
      assertFalse(settings.toString().contains("s3cret"), settings::toString);
    }

    @Test
    void fileWithoutAnAddressIsRefusedWithoutItsContent() throws IOException {
      Path file = Files.writeString(directory.resolve("uri"), "s3cret\n");
      String message = refusal(() -> AgentFlag.REDIS.apply(new AgentOptions(), "@" + file));
      assertFalse(message.contains("s3cret"), message);
    }
  }
}
