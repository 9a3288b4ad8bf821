package org.nethserver.events.redis.journal;

/** What came of a script. */
public sealed interface Reply {
  /**
   * The marker was published.
   *
   * @param identity which primary it was, for as long as it stays primary
   * @param head where the journal ended at that moment
   */
  record Marked(String identity, Head head) implements Reply {}

  /** The entries are in the journal, which ended here at that moment. */
  record Appended(Head head) implements Reply {}

  /** Nothing was appended: the journal ends elsewhere. */
  record Elsewhere(Head head) implements Reply {}

  /** The word was published. */
  record Said() implements Reply {}

  /** Nothing was done: the server is a replica, or not the primary that it was. */
  record Another() implements Reply {}

  /**
   * Nothing was done: the server refuses.
   *
   * @param why what it says
   */
  record Refused(String why) implements Reply {}
}
