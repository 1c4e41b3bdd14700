package io.millrace.browser.frame;

/** Recognises well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates. Stateless. */
public final class Utf8 {
  private Utf8() {}

  /** Whether the bytes are well-formed. */
  public static boolean isValid(byte[] b, int from, int to) {
    int at = from;
    while (at < to) {
      if (b[at] >= 0) {
        at++;
      } else {
        at = next(b, at, to);
        if (at < 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Index behind the character of several bytes that begins at {@code at}; -1 when it is none. */
  static int next(byte[] b, int at, int to) {
    int c = b[at] & 0xff;
    if (c >= 0xc2 && c < 0xe0) {
      return continued(b, at + 1, to, 1);
    } else if (c >= 0xe0 && c < 0xf0) {
      int second = at + 1 < to ? b[at + 1] & 0xff : 0;
      boolean wrong = (c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f);
      return wrong ? -1 : continued(b, at + 1, to, 2);
    } else if (c >= 0xf0 && c < 0xf5) {
      int second = at + 1 < to ? b[at + 1] & 0xff : 0;
      boolean wrong = (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f);
      return wrong ? -1 : continued(b, at + 1, to, 3);
    }
    return -1;
  }

  private static int continued(byte[] b, int at, int to, int count) {
    for (int i = 0; i < count; i++) {
      if (at + i >= to || (b[at + i] & 0xc0) != 0x80) {
        return -1;
      }
    }
    return at + count;
  }
}
