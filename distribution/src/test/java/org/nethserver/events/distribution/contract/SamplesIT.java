package org.nethserver.events.distribution.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The samples of the image, built by somebody who has no more than that, and run by it. */
@Unclaimed
class SamplesIT {
  @RegisterExtension static final Stage stage = new Stage();

  private static Path plugins;

  @BeforeAll
  static void build() {
    plugins = stage.directory("plugins");
    String image = ContractAgent.image().toString();
    new ThirdParty(stage.directory("third-party"))
        .run(
            stage.root(),
            """
            cp -r %1$s/samples samples
            for sample in smallest plain-jar own-jackson fifo-transport; do
              mvn -q -f samples/$sample package -Devents.home=%1$s
            done
            cp samples/smallest/target/smallest-1.0.0.jar plugins/
            cp samples/plain-jar/target/plain-jar-1.0.0.jar plugins/
            cp -r samples/own-jackson/target/plugin/own-jackson plugins/
            cp samples/fifo-transport/target/fifo-transport-1.0.0.jar plugins/
            """
                .formatted(image));
  }

  private static ContractAgent agent(String... flags) {
    return stage.launch().flags("--pluginsdir=" + plugins).flags(flags).subscribed();
  }

  @Test
  void handlersRunInTheirPlaceAmongTheScripts() {
    stage.step("user-created", "10script", "echo first");
    stage.step("user-created", "40script", "echo third");
    ContractAgent agent = agent();
    assertEquals(
        "\"completed\" (0) at step 50index",
        agent.run("module/ldap1/event/user-created", "{\"user\":\"alice\"}"));
    assertEquals(
        List.of("first", "a new user, says module/ldap1", "third", "indexed with Jackson 3.1.0"),
        agent.awaitStepLines(4, line -> true));
  }

  @Test
  void handlerOfAPlainJarAnswersItsSourcesAlone() throws IOException {
    stage.step("certificate-renewed", "90last", "true");
    ContractAgent agent = agent();
    agent.run("cluster/event/certificate-renewed", "{}");
    assertFalse(Files.exists(stage.state().resolve("certificates")));
    assertEquals(List.of(), agent.lines("step 40count"));
    agent.run("module/traefik1/event/certificate-renewed", "{}");
    agent.run("module/traefik1/event/certificate-renewed", "{}");
    assertEquals("2\n", Files.readString(stage.state().resolve("certificates")));
  }

  @Test
  void failureOfAHandlerAbortsTheRun() {
    ContractAgent agent = agent();
    assertEquals(
        "\"aborted\" (65) at step 50index",
        agent.run("module/ldap1/event/user-removed", "no JSON"));
    agent.awaitStepLines(1, line -> line.equals("<3>the payload is no JSON"));
  }

  @Test
  void transportBringsEventsFromAFifo() throws IOException {
    Path fifo = stage.root().resolve("fifo");
    Shell.run(List.of("mkfifo", fifo.toString()));
    ContractAgent agent =
        stage.launch().flags("--pluginsdir=" + plugins, "--redis=fifo://" + fifo).start();
    agent.awaitLine("Subscribed");
    Files.write(fifo, "module/a1/event/user-created {\"user\":\"bob\"}\n".getBytes(UTF_8));
    agent.awaitLine("exited with status \"completed\" (0) at step 50index");
    agent.awaitStepLines(1, line -> line.equals("a new user, says module/a1"));
  }
}
