package org.nethserver.events.agent.command;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.nethserver.events.agent.control.ControlClient;
import org.nethserver.events.agent.text.Printable;

/** Asks a running agent for one thing after the other, and shows what came of each. */
final class Requests {
  /** The answer's first word where it was done. */
  private static final String OK = "ok ";

  private Requests() {}

  /**
   * Asks; returns how many could not be done.
   *
   * @param request the line to send
   * @param shown what stands before the answer
   */
  record Item(String request, String shown) {}

  static int ask(Path directory, List<Item> items, PrintWriter out) {
    int failed = 0;
    for (Item item : items) {
      String[] answer = {""};
      try {
        ControlClient.ask(directory, List.of(item.request()), line -> answer[0] = line);
      } catch (EOFException e) {
        throw new CommandFailure(
            CommandFailure.FAILED, item.shown() + ": the agent has ended meanwhile");
      } catch (IOException | UnsupportedOperationException e) {
        throw new CommandFailure(
            CommandFailure.FAILED,
            "no agent answers at "
                + directory
                + " ("
                + e.getMessage()
                + "): does it run, with --journal and this --state-directory?");
      }
      boolean ok = answer[0].startsWith(OK);
      failed += ok ? 0 : 1;
      String how = ok ? answer[0].substring(OK.length()) : answer[0];
      Terminal.print(out, item.shown() + ": " + Printable.text(how));
    }
    return failed;
  }
}
