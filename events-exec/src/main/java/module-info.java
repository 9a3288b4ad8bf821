import org.jspecify.annotations.NullMarked;

/**
 * Script directories as a source of steps: files are looked up afresh for every event and run as
 * processes, each in a process group of its own.
 *
 * <p>Exports nothing; it is found as a {@link org.nethserver.events.api.spi.StepProvider}. It calls
 * the C library and needs {@code --enable-native-access=org.nethserver.events.exec}.
 */
@NullMarked
module org.nethserver.events.exec {
  requires static org.jspecify;
  requires org.nethserver.events.api;

  provides org.nethserver.events.api.spi.StepProvider with
      org.nethserver.events.exec.ScriptStepProvider;
}
