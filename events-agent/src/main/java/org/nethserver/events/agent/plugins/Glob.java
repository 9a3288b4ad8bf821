package org.nethserver.events.agent.plugins;

/**
 * A name, or a pattern in which {@code *} stands for any characters and {@code ?} for one.
 *
 * @param text as it was written
 */
public record Glob(String text) {
  private static final char ANY = '*';
  private static final char ONE = '?';

  /** Tells whether it is a name: it matches itself alone. */
  public boolean isName() {
    return text.indexOf(ANY) < 0 && text.indexOf(ONE) < 0;
  }

  /** Returns a name of its form, to check its characters by. */
  public String example() {
    return text.replace(ANY, 'x').replace(ONE, 'x');
  }

  /** Takes time in proportion to both lengths at most: names come from whoever publishes. */
  public boolean matches(String name) {
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

  /** Tells whether there is a name that both match; takes time as {@link #matches} does. */
  boolean overlaps(Glob other) {
    String a = text;
    String b = other.text;
    // Whether what is left of both, from these places on, has a name in common.
    boolean[][] meet = new boolean[a.length() + 1][b.length() + 1];
    for (int i = a.length(); i >= 0; i--) {
      for (int j = b.length(); j >= 0; j--) {
        boolean more = i < a.length();
        boolean otherMore = j < b.length();
        if (more && a.charAt(i) == ANY || otherMore && b.charAt(j) == ANY) {
          meet[i][j] =
              (more && (a.charAt(i) == ANY || b.charAt(j) == ANY) && meet[i + 1][j])
                  || (otherMore && meet[i][j + 1]);
        } else {
          meet[i][j] =
              !more && !otherMore
                  || more && otherMore && same(a.charAt(i), b.charAt(j)) && meet[i + 1][j + 1];
        }
      }
    }
    return meet[0][0];
  }

  private static boolean same(char a, char b) {
    return a == b || a == ONE || b == ONE;
  }

  /** Returns it as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
