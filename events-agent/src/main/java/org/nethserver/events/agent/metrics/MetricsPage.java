package org.nethserver.events.agent.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** All figures, in the text format of Prometheus or in that of OpenMetrics. */
final class MetricsPage implements Page {
  private static final String OPEN_METRICS = "application/openmetrics-text";

  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
  private final Gauging gauging;

  MetricsPage(Gauging gauging) {
    this.gauging = gauging;
  }

  @Override
  public void prepare(Runnable ready) {
    gauging.refresh(ready);
  }

  @Override
  public HttpResponse answer(HttpRequest request) {
    ExpositionFormatWriter writer = request.accept().contains(OPEN_METRICS) ? openMetrics : text;
    try {
      return new HttpResponse(200, writer.getContentType(), bytes(writer));
    } catch (IOException | RuntimeException e) {
      // A fault of a library is no reason to end the thread.
      return HttpResponse.text(500, "a fault in the figures: " + e);
    }
  }

  /** Returns all figures as text. */
  byte[] text() throws IOException {
    return bytes(text);
  }

  private byte[] bytes(ExpositionFormatWriter writer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out, gauging.figures().read(), EscapingScheme.UNDERSCORE_ESCAPING);
    return out.toByteArray();
  }

  @Override
  public HttpResponse late() {
    return HttpResponse.text(503, HealthPage.STUCK);
  }
}
