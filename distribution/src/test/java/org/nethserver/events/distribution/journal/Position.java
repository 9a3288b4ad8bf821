package org.nethserver.events.distribution.journal;

/**
 * The n-th event message after the marker that began an epoch; zero is the marker itself. Epochs
 * are random in reality, and counted here, so that a trace can be read.
 */
record Position(int epoch, int n) {
  static final Position NONE = new Position(0, 0);

  Position next() {
    return new Position(epoch, n + 1);
  }

  Position before() {
    return new Position(epoch, n - 1);
  }

  @Override
  public String toString() {
    return epoch + "." + n;
  }
}
