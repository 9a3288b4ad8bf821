package org.nethserver.events.agent.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code events demo}: shows the main job. */
@Command(
    name = "demo",
    description =
        "Shows the main job on a private Redis and a few sample steps, scripts and one in Java:"
            + " events are published, their steps run, one is skipped, one fails. Leaves nothing"
            + " behind.",
    footer = {
      "",
      "Example: stay up afterwards, to try things",
      "  events demo --keep",
      "",
      "Exit codes: 0 all ended as announced; 1 it did not."
    })
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--keep", description = "Stay up until Ctrl-C, and say what to type next.")
  boolean keep;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Demo demo = new Demo(line -> Terminal.print(Terminal.out(spec), line));
    try {
      return demo.run(keep) ? 0 : CommandFailure.FAILED;
    } catch (IOException e) {
      throw new CommandFailure(CommandFailure.FAILED, String.valueOf(e.getMessage()));
    }
  }
}
