package org.nethserver.events.agent.command;

import java.io.PrintWriter;
import org.nethserver.events.agent.host.AgentSteps;
import org.nethserver.events.agent.log.Priority;
import org.nethserver.events.agent.plugins.PluginProblem;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.spi.StepSource;

/** Tells on stderr what is wrong with steps and their places. */
final class Complaints implements AgentSteps.Listener {
  private final PrintWriter err;

  Complaints(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void sourceFailed(StepSource source, Throwable failure) {
    say(source.origin() + " cannot be read: " + failure);
  }

  @Override
  public void problem(PluginProblem problem) {
    say(problem.toString());
  }

  @Override
  public void failed(Throwable failure) {
    say("The loading of plugins failed: " + failure);
  }

  @Override
  public void said(Priority priority, String line) {
    say(line);
  }

  @Override
  public void stuck(String why) {
    say(why);
  }

  private void say(String text) {
    Terminal.print(err, Printable.text(text));
  }
}
