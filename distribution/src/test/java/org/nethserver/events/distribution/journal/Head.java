package org.nethserver.events.distribution.journal;

/**
 * Where the journal ends: the position that it is complete up to, and the number of its last entry.
 */
record Head(Position position, long number) {
  static final Head NONE = new Head(Position.NONE, 0);

  @Override
  public String toString() {
    return position + "@" + number;
  }
}
