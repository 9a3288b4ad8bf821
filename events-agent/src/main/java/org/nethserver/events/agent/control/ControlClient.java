package org.nethserver.events.agent.control;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Asks a running agent. */
public final class ControlClient {
  private ControlClient() {}

  /**
   * Sends requests and waits for all answers.
   *
   * @param directory of the agent
   * @param requests lines
   * @param answers hears of each answer as it comes
   * @throws EOFException if the agent ends meanwhile
   * @throws IOException if no agent is there
   */
  public static void ask(Path directory, List<String> requests, Consumer<String> answers)
      throws IOException {
    int left = requests.size();
    try (SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      connection.connect(UnixDomainSocketAddress.of(directory.resolve(ControlServer.SOCKET)));
      Writer out = Channels.newWriter(connection, StandardCharsets.UTF_8);
      for (String request : requests) {
        out.write(request + "\n");
      }
      out.flush();
      connection.shutdownOutput();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        left--;
        answers.accept(line);
      }
    }
    if (left > 0) {
      throw new EOFException("the agent ended before it had answered");
    }
  }
}
