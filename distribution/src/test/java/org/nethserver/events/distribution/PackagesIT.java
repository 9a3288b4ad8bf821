package org.nethserver.events.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisServer;

/** The packages that the build made, installed on a copy of this machine. */
@Timeout(120)
@ExtendWith(RedisExtension.class)
final class PackagesIT {
  private static final Path SCRIPTS = Path.of("src/main/packages");

  private static final String ENABLED = "/etc/systemd/system/default.target.wants";

  /** An agent with one step, and what a person types at a prompt. */
  private static final String WORK =
      """
      cd /srv
      mkdir -p events/user-created
      cat > events/user-created/10tell <<'END'
      #!/bin/sh
      cat > /srv/told.new
      mv /srv/told.new /srv/told
      END
      chmod 755 events/user-created/10tell
      : > environment
      : > log
      events-agent --agentid=module/packed1 --eventsdir=/srv/events > log 2>&1 &
      agent=$!
      await() {
        tries=0
        until "$@"; do
          tries=$((tries + 1))
          if [ $tries -gt 300 ]; then
            echo "waited for: $*"
            cat log
            exit 1
          fi
          sleep 0.1
        done
      }
      await grep -q '^.*Subscribed to' log
      events publish --raw module/openldap1 user-created '{"user":"alice"}'
      await test -e told
      cat told
      echo
      grep -o '/usr/lib/events/lib/events.aot$' /proc/$agent/maps | uniq
      kill -USR1 $agent
      wait $agent
      """;

  @TempDir Path directory;

  @Nested
  final class OfDebian {
    private CopiedMachine machine;

    @BeforeEach
    void install() throws IOException, InterruptedException {
      CopiedMachine.assumeProgram("dpkg");
      machine = new CopiedMachine(Files.createDirectory(directory.resolve("m")), directory);
      Path program = Files.createDirectories(directory.resolve("old/bin")).resolve("events-old");
      Files.writeString(program, "#!/bin/sh\necho old\n");
      Contents old = Contents.none().with("/usr/lib/events", directory.resolve("old"));
      new Deb(old, "0.9", architecture(), SCRIPTS, Instant.EPOCH)
          .write(directory.resolve("old.deb"));
      Files.createLink(directory.resolve("new.deb"), built(".deb"));
    }

    /** Images of containers may leave out documents. */
    private String dpkg(String... arguments) throws IOException, InterruptedException {
      return machine.succeed("dpkg --path-include='/usr/share/*' " + String.join(" ", arguments));
    }

    @Test
    void agentOfAnUpgradedPackageRunsFromItsCacheAndConfigurationAndStateAreKept(RedisServer redis)
        throws IOException, InterruptedException {
      dpkg("-i /mnt/old.deb");
      machine.succeed(
          """
          test -e /usr/lib/events/bin/events-old
          mkdir -p /etc/events/agents /var/lib/events/mine /usr/lib/events/plugins
          echo configuration > /etc/events/agents/mine.json
          echo state > /var/lib/events/mine/state
          echo plugin > /usr/lib/events/plugins/mine.jar
          """);
      dpkg("-i /mnt/new.deb");
      assertEquals(
          "configuration\nstate\nplugin\nok\n",
          machine.succeed(
              """
              cat /etc/events/agents/mine.json /var/lib/events/mine/state
              cat /usr/lib/events/plugins/mine.jar
              test ! -e /usr/lib/events/bin/events-old
              rm /usr/lib/events/plugins/mine.jar
              dpkg --verify events
              echo ok
              """));
      assertEquals(
          """
          Sent to 1 listener
          {"user":"alice"}
          /usr/lib/events/lib/events.aot
          """,
          machine.succeed("export REDIS_ADDRESS=127.0.0.1:" + redis.port() + "\n" + WORK));
    }

    @Test
    void removalKeepsConfigurationAndStateAndPurgeLeavesNothing()
        throws IOException, InterruptedException {
      dpkg("-i /mnt/new.deb");
      machine.succeed(
          """
          echo configuration > /etc/events/agents/mine.json
          mkdir -p /var/lib/events/mine %1$s
          echo state > /var/lib/events/mine/state
          ln -s /usr/lib/systemd/system/events-host.service %1$s/events-host.service
          """
              .formatted(ENABLED));
      dpkg("--remove events");
      machine.succeed(
          """
          cat /etc/events/agents/mine.json /var/lib/events/mine/state
          test -h %s/events-host.service
          test ! -e /usr/lib/events
          test ! -e /usr/bin/events
          """
              .formatted(ENABLED));
      dpkg("--purge events");
      machine.succeed("test ! -h " + ENABLED + "/events-host.service");
      assertEquals(List.of(), machine.written("etc", "usr", "var/lib/events", "var/lib/dpkg/info"));
    }

    @Test
    void upgradeHasAgentsFinishAndRecordersRestartedInTurnWhereSystemdRuns()
        throws IOException, InterruptedException {
      String asked =
          machine.succeed(
              """
              mkdir -p /run/systemd/system
              cat > /usr/local/bin/systemctl <<'END'
              #!/bin/sh
              echo "$*" >> /run/asked
              case $* in
                list-units*recorder*)
                  echo 'events-recorder@a.service loaded active running'
                  echo 'events-recorder@b.service loaded active running'
                  ;;
                list-units*) echo 'events-host.service loaded active running' ;;
              esac
              END
              chmod 755 /usr/local/bin/systemctl
              export PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
              dpkg -i /mnt/old.deb > /dev/null
              echo installed >> /run/asked
              dpkg -i /mnt/old.deb > /dev/null
              echo upgraded >> /run/asked
              dpkg --remove events > /dev/null
              grep -v list-units /run/asked
              """);
      assertEquals(
          """
          daemon-reload
          installed
          daemon-reload
          daemon-reload
          kill --signal=USR1 --kill-whom=main events-host.service
          try-restart events-recorder@a.service
          try-restart events-recorder@b.service
          upgraded
          stop events-host.service events-agent@*.service events-recorder@*.service
          daemon-reload
          """,
          asked);
    }

    @Test
    void unitsAreValidAndReloadBySignal() throws IOException, InterruptedException {
      CopiedMachine.assumeProgram("systemd-analyze");
      dpkg("-i /mnt/new.deb");
      String verified =
          machine.succeed(
              """
              cd /usr/lib/systemd/system
              systemd-analyze verify --man=no events-host.service events-agent@samba1.service \\
                events-recorder@a.service
              export XDG_RUNTIME_DIR=/run
              systemd-analyze verify --user --man=no ../user/events-agent.service
              grep -h ExecReload events-host.service events-agent@.service ../user/events-agent.service
              """);
      String reload = "ExecReload=/usr/bin/kill -HUP $MAINPID\n";
      assertEquals(reload.repeat(3), ofEvents(verified));
    }

    @Test
    void commandsAreCompletedInBash() throws IOException, InterruptedException {
      CopiedMachine.assumeProgram("bash");
      dpkg("-i /mnt/new.deb");
      String completed =
          machine.succeed(
              """
              bash <<'END'
              # Bash itself has it only while it completes.
              compopt() { :; }
              for command in events events-agent; do
                . /usr/share/bash-completion/completions/$command
              done
              COMP_WORDS=(events pub) COMP_CWORD=1 COMP_LINE='events pub' COMP_POINT=10
              _complete_events events pub events
              echo "${COMPREPLY[@]}"
              COMP_WORDS=(events-agent --trus) COMP_CWORD=1
              "$(complete -p events-agent | sed 's/.*-F \\([^ ]*\\).*/\\1/')" events-agent --trus
              echo "${COMPREPLY[@]}"
              END
              """);
      assertEquals("publish\n--trust\n", completed);
    }

    /** Without what is wrong with units of this machine. */
    private static String ofEvents(String said) {
      return said.lines()
          .filter(line -> line.contains("events") || line.startsWith("ExecReload"))
          .map(line -> line + "\n")
          .reduce("", String::concat);
    }
  }

  @Nested
  final class OfRocky {
    private CopiedMachine machine;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
      CopiedMachine.assumeProgram("rpm");
      machine = new CopiedMachine(Files.createDirectory(directory.resolve("m")), directory);
      Files.createLink(directory.resolve("new.rpm"), built(".rpm"));
    }

    @Test
    void isInstalledRunsAndIsErased() throws IOException, InterruptedException {
      // A machine of Debian's has no packages that an RPM could need, and a database that is empty.
      machine.succeed("rpm --nodeps --nosignature -i /mnt/new.rpm 2>&1");
      String said =
          machine.succeed(
              """
              events --version
              rpm -V --nodeps events
              rpm -q --queryformat '%{VERSION}\\n' events
              rpm -qR events | grep glibc -i
              ls /usr/share/zsh/site-functions/_events
              echo state > /usr/lib/events/plugins/mine.jar
              rpm -e events
              test ! -e /usr/bin/events
              test ! -e /usr/lib/events/bin
              """);
      assertTrue(said.startsWith("events "), said);
      assertTrue(said.contains("libc.so.6(GLIBC_2.34)(64bit)\n"), said);
    }
  }

  private static Path built(String suffix) throws IOException {
    List<Path> found =
        Build.list(Path.of("target")).stream()
            .filter(file -> file.toString().endsWith(suffix))
            .toList();
    assertEquals(1, found.size(), () -> "mvn clean, then build again: " + found);
    return found.getFirst();
  }

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }
}
