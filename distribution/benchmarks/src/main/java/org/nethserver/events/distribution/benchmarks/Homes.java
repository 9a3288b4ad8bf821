package org.nethserver.events.distribution.benchmarks;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is laid for each subject, once, however often it is started: some have 100,000 files. */
final class Homes implements AutoCloseable {
  private final Tools tools;
  private final Map<Subject, Home> homes = new LinkedHashMap<>();

  Homes(Tools tools) {
    this.tools = tools;
  }

  Home of(Subject subject) throws IOException, InterruptedException {
    Home home = homes.get(subject);
    if (home == null) {
      home = Home.furnish(subject, tools);
      homes.put(subject, home);
    }
    return home;
  }

  @Override
  public void close() throws IOException {
    for (Home home : homes.values()) {
      home.close();
    }
  }
}
