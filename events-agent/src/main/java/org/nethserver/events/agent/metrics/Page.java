package org.nethserver.events.agent.metrics;

/** Something that can be asked for over HTTP. */
interface Page {
  /**
   * Finds out what there is to answer. Returns at once.
   *
   * @param ready to be run once, on any thread, then
   */
  void prepare(Runnable ready);

  /** Answers, on the server's thread, after what was prepared last is ready. */
  HttpResponse answer(HttpRequest request);

  /** Answers that it was not ready in time. */
  HttpResponse late();
}
