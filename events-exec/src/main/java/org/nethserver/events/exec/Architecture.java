package org.nethserver.events.exec;

/** What the kernel numbers or lays out differently on the two architectures served. */
final class Architecture {
  static final boolean AARCH64 = System.getProperty("os.arch", "").equals("aarch64");
  static final boolean X86_64 = System.getProperty("os.arch", "").equals("amd64");

  private Architecture() {}
}
