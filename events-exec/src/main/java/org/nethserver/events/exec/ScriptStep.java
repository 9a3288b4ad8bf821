package org.nethserver.events.exec;

import org.nethserver.events.api.spi.Step;
import org.nethserver.events.api.spi.StepListener;
import org.nethserver.events.api.spi.StepRun;

/**
 * A script to run.
 *
 * @param file the bytes of its absolute path
 * @param runner what runs it
 */
record ScriptStep(byte[] file, ScriptRunner runner) implements Step {
  @Override
  public Execution start(StepRun run, StepListener listener) {
    return runner.start(file, run, listener);
  }
}
