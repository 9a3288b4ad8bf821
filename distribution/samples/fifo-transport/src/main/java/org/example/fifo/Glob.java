package org.example.fifo;

import java.util.regex.Pattern;

/** Patterns of channels, in which {@code *} stands for any characters. */
final class Glob {
  private Glob() {}

  static Pattern of(String glob) {
    return Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q"));
  }
}
