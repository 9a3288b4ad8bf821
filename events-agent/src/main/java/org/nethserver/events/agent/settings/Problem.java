package org.nethserver.events.agent.settings;

import java.nio.file.Path;
import org.nethserver.events.agent.text.Printable;

/**
 * One thing wrong with a file.
 *
 * @param file the file
 * @param pointer where in it, as a JSON pointer; empty for the whole
 * @param message what, why, and what to do
 */
public record Problem(Path file, String pointer, String message) {
  @Override
  public String toString() {
    String where = pointer.isEmpty() ? "" : Printable.brief(pointer) + " ";
    return Printable.text(file.toString()) + ": " + where + message;
  }
}
