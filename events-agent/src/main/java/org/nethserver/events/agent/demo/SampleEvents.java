package org.nethserver.events.agent.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The handlers of the demo: a directory an event, a script a step. */
final class SampleEvents {
  /** Two of its steps succeed, the one between them cannot be started. */
  static final String COMPLETES = "user-created";

  /** Its second step fails, so its third never runs. */
  static final String FAILS = "certificate-renewed";

  /** The exit code of the failing step. */
  static final int FAILURE = 3;

  private SampleEvents() {}

  /** Writes the steps below an events directory. */
  static void write(Path events) throws IOException {
    step(
        events,
        COMPLETES,
        "10read_payload",
        "rwxr-xr-x",
        """
        #!/bin/sh
        # The payload comes on standard input, what it is about in the environment.
        read -r payload
        echo "$AGENT_EVENT_SOURCE tells of $AGENT_EVENT_NAME: $payload"
        """);
    step(
        events,
        COMPLETES,
        "20forgotten",
        "rw-r--r--",
        """
        #!/bin/sh
        echo "nobody made me executable"
        """);
    step(
        events,
        COMPLETES,
        "30reload",
        "rwxr-xr-x",
        """
        #!/bin/sh
        echo "reloading the address book"
        """);
    step(
        events,
        FAILS,
        "10fetch",
        "rwxr-xr-x",
        """
        #!/bin/sh
        echo "fetching the new certificate"
        """);
    step(
        events,
        FAILS,
        "20install",
        "rwxr-xr-x",
        """
        #!/bin/sh
        echo "<3>the key does not fit the certificate" >&2
        exit %d
        """
            .formatted(FAILURE));
    step(
        events,
        FAILS,
        "30restart",
        "rwxr-xr-x",
        """
        #!/bin/sh
        echo "never reached"
        """);
  }

  private static void step(Path events, String event, String name, String mode, String script)
      throws IOException {
    Path file = Files.createDirectories(events.resolve(event)).resolve(name);
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    // A umask of 002 would leave directories that the rules of trust refuse.
    Files.setPosixFilePermissions(
        events.resolve(event), PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
