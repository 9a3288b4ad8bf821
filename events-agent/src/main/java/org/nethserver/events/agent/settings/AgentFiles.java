package org.nethserver.events.agent.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.json.JsonText;
import tools.jackson.databind.JsonNode;

/** Reads which agents to host from one file, or from all {@code *.json} of a directory. */
public final class AgentFiles {
  private static final int MAX_BYTES = 4 << 20;

  private final List<Problem> problems = new ArrayList<>();
  private @Nullable AgentSchema schema;
  private final AgentReader reader;

  private AgentFiles(AgentReader.Defaults defaults) {
    this.reader = new AgentReader(defaults, problems);
  }

  /**
   * Reads all agents. A directory may have none: they come and go.
   *
   * @param path a file, or a directory
   * @param defaults what counts where an agent says nothing
   * @throws WrongSettingsException if anything is wrong; nothing of it counts then
   */
  public static List<AgentDefinition> read(Path path, AgentReader.Defaults defaults)
      throws WrongSettingsException {
    AgentFiles files = new AgentFiles(defaults);
    List<AgentDefinition> agents = files.agents(path);
    if (!files.problems.isEmpty()) {
      throw new WrongSettingsException(files.problems);
    }
    return agents;
  }

  private List<AgentDefinition> agents(Path path) {
    List<AgentDefinition> agents = new ArrayList<>();
    Map<String, Path> ids = new HashMap<>();
    for (Path file : files(path)) {
      content(file)
          .ifPresent(
              root -> {
                if (!AgentForm.fits(root)) {
                  problems.addAll(schema().problems(file, root));
                }
                int place = 0;
                for (JsonNode node : root.path("agents")) {
                  String pointer = "/agents/" + place++;
                  reader.agent(file, pointer, node).ifPresent(agents::add);
                  checkOnce(ids, file, pointer, node.path("id").asString(""));
                }
              });
    }
    return agents;
  }

  private AgentSchema schema() {
    AgentSchema made = schema;
    if (made == null) {
      made = new AgentSchema();
      schema = made;
    }
    return made;
  }

  private void checkOnce(Map<String, Path> ids, Path file, String pointer, String id) {
    Path earlier = id.isEmpty() ? null : ids.putIfAbsent(id, file);
    if (earlier != null) {
      problems.add(
          new Problem(
              file,
              pointer + "/id",
              "is \"" + id + "\", as that of an agent in " + earlier + "; keep one of them"));
    }
  }

  private List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(path, "*.json")) {
      all.forEach(files::add);
    } catch (IOException e) {
      problems.add(unreadable(path, e));
    }
    files.removeIf(file -> file.getFileName().toString().startsWith("."));
    files.sort(null);
    return files;
  }

  private Optional<JsonNode> content(Path file) {
    byte[] bytes;
    try {
      // A FIFO would keep the process waiting.
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        problems.add(new Problem(file, "", "is no regular file; replace it by one"));
        return Optional.empty();
      }
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MAX_BYTES + 1);
      }
    } catch (IOException e) {
      problems.add(unreadable(file, e));
      return Optional.empty();
    }
    if (bytes.length > MAX_BYTES) {
      problems.add(new Problem(file, "", "is larger than 4 MiB; split it"));
      return Optional.empty();
    }
    JsonText.Reading reading = JsonText.read(ByteBuffer.wrap(bytes));
    reading.faults().forEach(fault -> problems.add(new Problem(file, "", fault.message())));
    return reading.root();
  }

  private static Problem unreadable(Path file, IOException e) {
    return new Problem(
        file,
        "",
        e instanceof NoSuchFileException
            ? "is not there; give --config a file, or a directory of *.json"
            : "cannot be read: " + e.getMessage() + "; make it readable for this process's user");
  }
}
