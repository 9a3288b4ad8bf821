package org.nethserver.events.agent.text;

/**
 * Finds secrets in text by the words that keys end in, and copies all else. Goes over the text
 * once, but for brackets that are never closed.
 */
final class SecretsInText {
  private static final char ESCAPE = '\u001b';

  private final String text;
  private final StringBuilder out = new StringBuilder();
  private int copied;

  SecretsInText(String text) {
    this.text = text;
  }

  String masked() {
    int at = 0;
    while (at < text.length()) {
      int key = endOfWord(at);
      int value = key < 0 ? -1 : value(at, key);
      at = value < 0 ? at + 1 : mask(value, isQuotedKey(key));
    }
    return copied == 0 ? text : out.append(text, copied, text.length()).toString();
  }

  /** Returns where one of the words ends that begins here; negative if none does. */
  private int endOfWord(int at) {
    String word =
        switch (text.charAt(at)) {
          case 'p', 'P' -> "password";
          case 's', 'S' -> "secret";
          case 't', 'T' -> "token";
          default -> "";
        };
    return !word.isEmpty() && text.regionMatches(true, at, word, 0, word.length())
        ? at + word.length()
        : -1;
  }

  /** A key in quotes is followed by one: its value ends as JSON's or Python's do. */
  private boolean isQuotedKey(int keyEnd) {
    int at = skipBackslashes(skipColours(keyEnd));
    return at < text.length() && isQuote(text.charAt(at));
  }

  /** Returns where the value of the key begins; negative if what ends there is no key. */
  private int value(int word, int keyEnd) {
    int at = skipColours(keyEnd);
    boolean quoted = isQuotedKey(keyEnd);
    if (quoted) {
      at = skipColours(skipBackslashes(at) + 1);
    }
    if (at < text.length() && text.charAt(at) == ']') {
      at++; // config["password"] = …
    }
    int separator = skipBlanks(at);
    if (separator == text.length() || isEnd(text.charAt(separator))) {
      return -1;
    }
    char c = text.charAt(separator);
    if (c == '=' || c == ':' || (quoted && c == ',' && isFlag(word))) {
      return behind(separator);
    }
    return !quoted && separator > at && isFlag(word) ? separator : -1;
  }

  /** Returns where the value begins that follows a separator, such as {@code =}, {@code :=}. */
  private int behind(int separator) {
    int at = separator + 1;
    while (at < text.length() && "=>:".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    at = skipBlanks(at);
    return at < text.length() && !isEnd(text.charAt(at)) ? at : -1;
  }

  /** Tells whether the word is the end of a flag, such as {@code --admin-password}. */
  private boolean isFlag(int word) {
    int start = word;
    while (start > 0 && isOfKey(text.charAt(start - 1))) {
      start--;
    }
    return text.charAt(start) == '-';
  }

  private static boolean isOfKey(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  /** Puts the mask in the place of the value, and returns where that ends. */
  private int mask(int start, boolean quotedKey) {
    int quote = skipBackslashes(start);
    boolean quoted = quote < text.length() && isQuote(text.charAt(quote));
    int end;
    if (quoted) {
      end = endOfString(start, quote);
    } else if (text.charAt(start) == '{' || text.charAt(start) == '[') {
      end = endOfBrackets(start);
    } else {
      end = start;
    }
    boolean whole = end > start;
    // A word of a shell goes on: 'it'"'"'s'. So may what only begins with a bracket.
    if (!whole || (!quotedKey && !isClosed(end))) {
      end = endOfWord(end, quotedKey);
      whole = false;
    }
    out.append(text, copied, start);
    if (whole && quoted) {
      String opening = text.substring(start, quote + 1);
      out.append(opening).append(Masking.MASK).append(isUnclosed(end, opening) ? "" : opening);
    } else {
      out.append(Masking.MASK);
    }
    copied = end;
    return end;
  }

  private boolean isUnclosed(int end, String opening) {
    return !text.startsWith(opening, end - opening.length());
  }

  private boolean isClosed(int end) {
    return end >= text.length() || " \t\r\n,;)}]".indexOf(text.charAt(end)) >= 0;
  }

  /** Returns where a string in quotes ends, which at the latest is the end of its line. */
  private int endOfString(int start, int quote) {
    char closing = text.charAt(quote);
    int escapes = quote - start;
    int at = quote + 1;
    while (at < text.length() && !isEnd(text.charAt(at))) {
      int run = skipBackslashes(at) - at;
      int next = at + run;
      if (next >= text.length() || isEnd(text.charAt(next))) {
        return next;
      }
      // Within a string that is itself escaped, a quote with no more escapes is the end.
      if (text.charAt(next) == closing && (escapes == 0 ? run % 2 == 0 : run <= escapes)) {
        return next + 1;
      }
      at = next + 1;
    }
    return at;
  }

  /** Returns where the bracket is closed; the end of the text if it never is. */
  private int endOfBrackets(int start) {
    int depth = 0;
    int at = start;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (isQuote(c)) {
        at = endOfString(at, at);
        continue;
      }
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      at++;
      if (depth == 0) {
        return at;
      }
    }
    return at;
  }

  private int endOfWord(int start, boolean quotedKey) {
    int at = start;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (isEnd(c) || c == ' ' || c == '\t' || (quotedKey && ",}]\"'\\".indexOf(c) >= 0)) {
        return at;
      }
      if (c == '\\') {
        at = Math.min(at + 2, text.length());
      } else if (isQuote(c) && !quotedKey) {
        at = endOfString(at, at);
      } else {
        at++;
      }
    }
    return at;
  }

  private int skipBlanks(int from) {
    int at = skipColours(from);
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at = skipColours(at + 1);
    }
    return at;
  }

  private int skipBackslashes(int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == '\\') {
      at++;
    }
    return at;
  }

  /** Programs colour keys and values by sequences such as {@code ESC [ 3 1 m}. */
  private int skipColours(int from) {
    int at = from;
    while (at + 1 < text.length() && text.charAt(at) == ESCAPE && text.charAt(at + 1) == '[') {
      at += 2;
      while (at < text.length() && (text.charAt(at) < '@' || text.charAt(at) > '~')) {
        at++;
      }
      at = Math.min(at + 1, text.length());
    }
    return at;
  }

  private static boolean isEnd(char c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }
}
