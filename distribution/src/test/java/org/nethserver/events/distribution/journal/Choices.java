package org.nethserver.events.distribution.journal;

/** Decides what happens next, of so many things that can. */
interface Choices {
  /** Below the bound; normal things come first, faults from the given index on. */
  int choose(int bound, int firstFault);
}
