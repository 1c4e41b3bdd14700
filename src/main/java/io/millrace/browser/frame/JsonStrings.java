package io.millrace.browser.frame;

import java.nio.charset.StandardCharsets;

/** Reads JSON strings that the grammar has recognised. Stateless. */
public final class JsonStrings {
  private JsonStrings() {}

  /** The text of a string, quotes and escapes taken away. */
  public static String text(byte[] b, int openQuote, int behindCloseQuote) {
    int from = openQuote + 1;
    int to = behindCloseQuote - 1;
    String raw = new String(b, from, to - from, StandardCharsets.UTF_8);
    return raw.indexOf('\\') < 0 ? raw : unescaped(raw);
  }

  private static String unescaped(String raw) {
    StringBuilder text = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      i++;
      switch (raw.charAt(i)) {
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          text.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
          i += 4;
        }
        default -> text.append(raw.charAt(i));
      }
    }
    return text.toString();
  }
}
