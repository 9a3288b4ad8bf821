package org.nethserver.events.distribution.contract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** How an agent is to be started: flags, variables, directory, and what starts it. */
final class Launch {
  private static final String MARKER = "CONTRACT_TEST";

  private final Stage stage;
  private final List<String> wrapper = new ArrayList<>();
  private final List<String> flags = new ArrayList<>();
  private final Map<String, String> variables = new LinkedHashMap<>();
  private Path image = ContractAgent.image();
  private Path directory;
  private Redis redis;
  private boolean plain;
  private String id = "module/test1";

  Launch(Stage stage, Redis redis, Path directory) {
    this.stage = stage;
    this.redis = redis;
    this.directory = directory;
    variables.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  }

  /** Adds flags. */
  Launch flags(String... more) {
    flags.addAll(List.of(more));
    return this;
  }

  /** Leaves out the flags that a test gives the agent otherwise: id, directory and server. */
  Launch withoutUsualFlags() {
    plain = true;
    return this;
  }

  /** Sets a variable. */
  Launch variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  /** Names the agent. */
  Launch id(String other) {
    id = other;
    return this;
  }

  /** Chooses another server, which is named by {@code REDIS_ADDRESS}. */
  Launch redis(Redis other) {
    redis = other;
    return this;
  }

  /** Chooses the working directory. */
  Launch directory(Path other) {
    directory = other;
    return this;
  }

  /** Starts another copy of the image. */
  Launch image(Path other) {
    image = other;
    return this;
  }

  /** Lets a command start the agent, which gets the agent's command line as its last arguments. */
  Launch under(String... command) {
    wrapper.addAll(List.of(command));
    return this;
  }

  /** Starts the agent and waits until it is subscribed. */
  ContractAgent subscribed() {
    return start().awaitSubscribed();
  }

  /** Starts the agent. */
  ContractAgent start() {
    String marker = MARKER + "=" + UUID.randomUUID();
    List<String> command = new ArrayList<>(wrapper);
    command.add(image.resolve("bin/events-agent").toString());
    if (!plain) {
      command.add("--agentid=" + id);
      command.add("--eventsdir=" + stage.events());
      variables.putIfAbsent("REDIS_ADDRESS", redis.address());
    }
    command.addAll(flags);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables);
    builder.environment().put(MARKER, marker.substring(marker.indexOf('=') + 1));
    return stage.keep(new ContractAgent(ContractAgent.start(builder), redis, id, marker));
  }
}
