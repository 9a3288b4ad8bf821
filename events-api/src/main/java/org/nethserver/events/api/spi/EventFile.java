package org.nethserver.events.api.spi;

import java.util.Optional;
import org.nethserver.events.api.StepName;

/**
 * Files beside an event's steps that are no steps, but say how the event is to be handled. A source
 * gives their content as {@link StepEntry.Disposition.Document}; of several sources the later wins,
 * as with steps.
 */
public enum EventFile {
  /** Whether, when, and how often the event's steps are to run. */
  POLICY("handler.json"),

  /** The JSON Schema that payloads of the event are to follow. */
  INPUT_SCHEMA("validate-input.json");

  /** Beyond so many bytes such a file is refused. */
  public static final int MAX_SIZE = 256 << 10;

  private final StepName fileName;

  EventFile(String fileName) {
    this.fileName = StepName.of(fileName);
  }

  /** Returns the file's name. */
  public StepName fileName() {
    return fileName;
  }

  /** Returns which of these files has the name; empty for that of a step. */
  public static Optional<EventFile> of(StepName name) {
    for (EventFile file : values()) {
      if (file.fileName.equals(name)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
