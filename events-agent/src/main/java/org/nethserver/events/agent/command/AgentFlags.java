package org.nethserver.events.agent.command;

import java.util.List;
import java.util.function.Supplier;
import org.nethserver.events.agent.config.AgentFlag;
import org.nethserver.events.agent.config.AgentOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The agent's flags in the terms of the command line library, each with its own sentences. */
final class AgentFlags {
  private AgentFlags() {}

  /**
   * Adds all flags to a command.
   *
   * @param options gives what they are stored in, in the order in which they are typed
   */
  static void add(CommandSpec command, Supplier<AgentOptions> options) {
    for (AgentFlag flag : AgentFlag.values()) {
      command.addOption(option(flag, options));
    }
  }

  private static OptionSpec option(AgentFlag flag, Supplier<AgentOptions> options) {
    return OptionSpec.builder(flag.flag())
        .paramLabel(flag.label())
        .arity(flag.mayStandAlone() ? "0..1" : "1")
        .type(flag.repeatable() ? List.class : String.class)
        .auxiliaryTypes(String.class)
        .parameterConsumer(
            (values, option, command) -> {
              boolean alone = values.isEmpty() || values.peek().startsWith("-");
              String value = flag.mayStandAlone() && alone ? "" : values.pop();
              try {
                flag.apply(options.get(), value);
              } catch (IllegalArgumentException e) {
                throw new ParameterException(
                    command.commandLine(), String.valueOf(e.getMessage()), e);
              }
            })
        .description(flag.help())
        .build();
  }
}
