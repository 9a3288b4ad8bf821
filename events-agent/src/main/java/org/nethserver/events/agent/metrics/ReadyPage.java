package org.nethserver.events.agent.metrics;

/** Whether events are heard, and nothing is behind. */
final class ReadyPage implements Page {
  private final Gauging gauging;

  ReadyPage(Gauging gauging) {
    this.gauging = gauging;
  }

  @Override
  public void prepare(Runnable ready) {
    gauging.refresh(ready);
  }

  @Override
  public HttpResponse answer(HttpRequest request) {
    return gauging
        .readings()
        .notReady()
        .map(why -> HttpResponse.text(503, why))
        .orElseGet(() -> HttpResponse.text(200, "ready"));
  }

  @Override
  public HttpResponse late() {
    return HttpResponse.text(503, HealthPage.STUCK);
  }
}
