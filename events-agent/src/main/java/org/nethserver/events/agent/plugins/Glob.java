package org.nethserver.events.agent.plugins;

/**
 * A name, or a pattern in which {@code *} stands for any characters and {@code ?} for one.
 *
 * @param text as it was written
 */
record Glob(String text) {
  private static final char ANY = '*';
  private static final char ONE = '?';

  /** Tells whether it is a name: it matches itself alone. */
  boolean isName() {
    return text.indexOf(ANY) < 0 && text.indexOf(ONE) < 0;
  }

  /** Returns a name of its form, to check its characters by. */
  String example() {
    return text.replace(ANY, 'x').replace(ONE, 'x');
  }

  /** Takes time in proportion to both lengths at most: names come from whoever publishes. */
  boolean matches(String name) {
    int at = 0;
    int in = 0;
    int star = -1;
    int resume = 0;
    while (in < name.length()) {
      if (at < text.length() && text.charAt(at) == ANY) {
        star = at++;
        resume = in;
      } else if (at < text.length()
          && (text.charAt(at) == ONE || text.charAt(at) == name.charAt(in))) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++resume;
      } else {
        return false;
      }
    }
    while (at < text.length() && text.charAt(at) == ANY) {
      at++;
    }
    return at == text.length();
  }

  /** Tells whether there is a name that both match. */
  boolean overlaps(Glob other) {
    return meets(text, 0, other.text, 0);
  }

  private static boolean meets(String a, int i, String b, int j) {
    if (i == a.length() && j == b.length()) {
      return true;
    }
    if (i < a.length() && a.charAt(i) == ANY) {
      return meets(a, i + 1, b, j) || j < b.length() && meets(a, i, b, j + 1);
    }
    if (j < b.length() && b.charAt(j) == ANY) {
      return meets(a, i, b, j + 1) || i < a.length() && meets(a, i + 1, b, j);
    }
    return i < a.length()
        && j < b.length()
        && (a.charAt(i) == b.charAt(j) || a.charAt(i) == ONE || b.charAt(j) == ONE)
        && meets(a, i + 1, b, j + 1);
  }

  /** Returns it as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
