package org.nethserver.events.agent.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.nethserver.events.agent.host.FakeServices;
import org.nethserver.events.agent.host.FakeTransport;
import org.nethserver.events.agent.run.FakeSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Types commands where two sources and a transport of the test's are installed. */
final class Shell implements AutoCloseable {
  final FakeSource early = new FakeSource("/early");
  final FakeSource late = new FakeSource("/late");
  final FakeTransport transport = new FakeTransport();
  private final FakeServices services = new FakeServices(_ -> List.of(early, late), transport);

  record Result(int exitCode, String out, String err) {
    JsonNode json() {
      return JsonMapper.builder().build().readTree(out.getBytes(StandardCharsets.UTF_8));
    }
  }

  static Result type(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        EventsCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Result(exitCode, out.toString(), err.toString());
  }

  @Override
  public void close() {
    services.close();
  }
}
