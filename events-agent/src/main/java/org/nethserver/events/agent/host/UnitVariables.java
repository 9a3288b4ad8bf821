package org.nethserver.events.agent.host;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.agent.posix.Account;
import org.nethserver.events.api.Variables;

/**
 * The variables that systemd would begin an agent's own unit with. Of this process's own only the
 * locale is among them: the rest is meant for it alone, and may be a secret of root's.
 */
final class UnitVariables {
  /** As systemd sets it; NS8's {@code agent.env} has another. */
  private static final String PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private UnitVariables() {}

  /**
   * Returns them.
   *
   * @param process this process's
   * @param user whose unit it would be; empty for one of the system
   */
  static Variables of(Variables process, Optional<Account> user) {
    List<byte[]> lines = new ArrayList<>();
    lines.add(PATH.getBytes(StandardCharsets.US_ASCII));
    process.entries().stream().filter(UnitVariables::isLocale).forEach(lines::add);
    Variables variables = Variables.of(lines);
    return user.isEmpty() ? variables : with(variables, user.get());
  }

  private static Variables with(Variables variables, Account user) {
    return variables
        .with("HOME", user.home().toString())
        .with("LOGNAME", user.name())
        .with("USER", user.name())
        .with("SHELL", user.shell().isEmpty() ? "/bin/sh" : user.shell())
        .with("XDG_RUNTIME_DIR", "/run/user/" + Integer.toUnsignedString(user.uid()));
  }

  private static boolean isLocale(byte[] entry) {
    String line = new String(entry, StandardCharsets.ISO_8859_1);
    return line.startsWith("LANG=") || line.startsWith("LANGUAGE=") || line.startsWith("LC_");
  }
}
