package org.nethserver.events.agent.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class ProcessSignalIT {
  /** Tells its pid, takes each signal by name, and dies by the one that its argument names. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws InterruptedException {
      if (arguments.length > 0) {
        ProcessSignal.valueOf(arguments[0]).die();
      }
      for (ProcessSignal signal : ProcessSignal.values()) {
        signal.onReceipt(() -> System.out.println(signal));
      }
      System.out.println(ProcessHandle.current().pid());
      new CountDownLatch(1).await();
    }
  }

  /** In the background of a shell, or under nohup, the test itself ignores SIGINT or SIGHUP. */
  private static final List<String> DEFAULT_SIGNALS = List.of("env", "--default-signal");

  @ParameterizedTest
  @EnumSource
  void parentSeesTheSignalThatEndedTheProcess(ProcessSignal signal)
      throws IOException, InterruptedException {
    // perl tells a signal from an exit code of 128 and more; a shell and Java do not.
    List<String> command = new ArrayList<>(DEFAULT_SIGNALS);
    command.addAll(List.of("perl", "-e", "system(@ARGV); print $?"));
    command.addAll(ChildJvm.command(Child.class, signal.name()));
    Process perl = new ProcessBuilder(command).redirectErrorStream(true).start();
    String status = new String(perl.getInputStream().readAllBytes(), UTF_8);
    int number = List.of(1, 2, 10, 15).get(signal.ordinal());
    assertEquals(Integer.toString(number), status);
  }

  @Test
  void eachSignalRunsItsAction() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(DEFAULT_SIGNALS);
    command.addAll(ChildJvm.command(Child.class));
    Process child = new ProcessBuilder(command).start();
    try (BufferedReader out = child.inputReader(UTF_8)) {
      String pid = out.readLine();
      for (ProcessSignal signal : ProcessSignal.values()) {
        int sent =
            new ProcessBuilder("kill", "-" + signal.name(), pid).inheritIO().start().waitFor();
        assertEquals(0, sent);
        assertEquals(signal.name(), out.readLine());
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
  }
}
