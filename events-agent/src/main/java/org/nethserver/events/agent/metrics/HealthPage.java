package org.nethserver.events.agent.metrics;

/** Whether all threads answer that events need. */
final class HealthPage implements Page {
  static final String STUCK = "stuck: not all threads that events need have answered in time";

  private final Gauging gauging;

  HealthPage(Gauging gauging) {
    this.gauging = gauging;
  }

  @Override
  public void prepare(Runnable ready) {
    gauging.answer(ready);
  }

  @Override
  public HttpResponse answer(HttpRequest request) {
    return HttpResponse.text(200, "healthy");
  }

  @Override
  public HttpResponse late() {
    return HttpResponse.text(503, STUCK);
  }
}
