package org.nethserver.events.agent.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an agent's command line without the command line library, whose loading would double the
 * time to the first event. What it does not understand is left to the library, which says why.
 */
public final class AgentArguments {
  private static final Map<String, AgentFlag> FLAGS = new HashMap<>();

  static {
    for (AgentFlag flag : AgentFlag.values()) {
      FLAGS.put(flag.flag(), flag);
    }
  }

  private AgentArguments() {}

  /**
   * Reads {@code --flag=value} and {@code --flag value}, and {@code --flag} where that will do.
   *
   * @return the options, or empty if anything else stands there, help and faults included
   */
  public static Optional<AgentOptions> read(List<String> arguments) {
    AgentOptions options = new AgentOptions();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      boolean inline = equals > 0;
      AgentFlag flag = FLAGS.get(inline ? argument.substring(0, equals) : argument);
      boolean alone =
          flag != null
              && !inline
              && flag.mayStandAlone()
              && (i + 1 == arguments.size() || arguments.get(i + 1).startsWith("-"));
      if (flag == null || (!inline && !alone && i + 1 == arguments.size())) {
        return Optional.empty();
      }
      String value = inline ? argument.substring(equals + 1) : alone ? "" : arguments.get(++i);
      try {
        flag.apply(options, value);
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
    return Optional.of(options);
  }
}
