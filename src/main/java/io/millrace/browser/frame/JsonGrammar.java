package io.millrace.browser.frame;

/**
 * Recognises JSON (RFC 8259) in UTF-8 without building anything: strings must be valid UTF-8, and
 * nothing but one value may stand between the given bounds. Stateless.
 */
public final class JsonGrammar {
  /** How deep arrays and objects may lie in each other. */
  public static final int DEPTH_MAX = 200;

  private static final int NONE = -1;

  private JsonGrammar() {}

  /** Whether the bytes are one JSON value, with white space around it or without. */
  public static boolean isValue(byte[] bytes, int from, int to) {
    int end = value(bytes, skipSpace(bytes, from, to), to, 0);
    return end != NONE && skipSpace(bytes, end, to) == to;
  }

  /** Index of the first byte that is no white space. */
  static int skipSpace(byte[] b, int at, int to) {
    while (at < to && (b[at] == ' ' || b[at] == '\n' || b[at] == '\r' || b[at] == '\t')) {
      at++;
    }
    return at;
  }

  /** Index behind the value that begins at {@code at}; -1 when there is none. */
  static int value(byte[] b, int at, int to, int depth) {
    if (at >= to) {
      return NONE;
    }
    return switch (b[at]) {
      case '{' -> depth < DEPTH_MAX ? object(b, at + 1, to, depth + 1) : NONE;
      case '[' -> depth < DEPTH_MAX ? array(b, at + 1, to, depth + 1) : NONE;
      case '"' -> string(b, at + 1, to);
      case 't' -> word(b, at, to, "true");
      case 'f' -> word(b, at, to, "false");
      case 'n' -> word(b, at, to, "null");
      default -> number(b, at, to);
    };
  }

  private static int object(byte[] b, int at, int to, int depth) {
    at = skipSpace(b, at, to);
    if (at < to && b[at] == '}') {
      return at + 1;
    }
    while (at < to && b[at] == '"') {
      at = string(b, at + 1, to);
      if (at == NONE) {
        return NONE;
      }
      at = skipSpace(b, at, to);
      if (at >= to || b[at] != ':') {
        return NONE;
      }
      at = value(b, skipSpace(b, at + 1, to), to, depth);
      if (at == NONE) {
        return NONE;
      }
      at = skipSpace(b, at, to);
      if (at < to && b[at] == '}') {
        return at + 1;
      } else if (at >= to || b[at] != ',') {
        return NONE;
      }
      at = skipSpace(b, at + 1, to);
    }
    return NONE;
  }

  private static int array(byte[] b, int at, int to, int depth) {
    at = skipSpace(b, at, to);
    if (at < to && b[at] == ']') {
      return at + 1;
    }
    while (true) {
      at = value(b, at, to, depth);
      if (at == NONE) {
        return NONE;
      }
      at = skipSpace(b, at, to);
      if (at < to && b[at] == ']') {
        return at + 1;
      } else if (at >= to || b[at] != ',') {
        return NONE;
      }
      at = skipSpace(b, at + 1, to);
    }
  }

  /** Index behind the closing quote of a string whose first character is at {@code at}. */
  static int string(byte[] b, int at, int to) {
    while (at < to) {
      byte c = b[at];
      if (c == '"') {
        return at + 1;
      } else if (c == '\\') {
        at = escape(b, at + 1, to);
      } else if (c >= 0x20) {
        at++;
      } else if (c >= 0) {
        return NONE;
      } else {
        at = Utf8.next(b, at, to);
      }
      if (at == NONE) {
        return NONE;
      }
    }
    return NONE;
  }

  private static int escape(byte[] b, int at, int to) {
    if (at >= to) {
      return NONE;
    }
    switch (b[at]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
        return at + 1;
      case 'u':
        for (int i = 1; i <= 4; i++) {
          if (at + i >= to || Character.digit(b[at + i], 16) < 0) {
            return NONE;
          }
        }
        return at + 5;
      default:
        return NONE;
    }
  }

  private static int word(byte[] b, int at, int to, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at + i >= to || b[at + i] != word.charAt(i)) {
        return NONE;
      }
    }
    return at + word.length();
  }

  private static int number(byte[] b, int at, int to) {
    if (at < to && b[at] == '-') {
      at++;
    }
    int whole = digits(b, at, to);
    if (whole == at || (b[at] == '0' && whole > at + 1)) {
      return NONE;
    }
    at = whole;
    if (at < to && b[at] == '.') {
      int fraction = digits(b, at + 1, to);
      if (fraction == at + 1) {
        return NONE;
      }
      at = fraction;
    }
    if (at < to && (b[at] == 'e' || b[at] == 'E')) {
      at++;
      if (at < to && (b[at] == '+' || b[at] == '-')) {
        at++;
      }
      int exponent = digits(b, at, to);
      return exponent == at ? NONE : exponent;
    }
    return at;
  }

  private static int digits(byte[] b, int at, int to) {
    while (at < to && b[at] >= '0' && b[at] <= '9') {
      at++;
    }
    return at;
  }
}
