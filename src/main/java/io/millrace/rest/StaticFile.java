package io.millrace.rest;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of the jar, with the compressed forms that lie beside it. Immutable.
 *
 * @param type its content type
 * @param etag names these bytes
 * @param plain the bytes
 * @param gzip compressed by gzip, or null
 * @param brotli compressed by Brotli, or null
 */
record StaticFile(
    String type, String etag, Buffer plain, @Nullable Buffer gzip, @Nullable Buffer brotli) {

  private static final String OTHER_TYPE = "application/octet-stream";
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("map", "application/json"),
          Map.entry("ts", "text/plain; charset=utf-8"));

  /** Reads it from the class path; null when it is not there. Blocks. */
  static @Nullable StaticFile read(String path) throws IOException {
    Buffer plain = bytes(path);
    if (plain == null) {
      return null;
    }
    CRC32C sum = new CRC32C();
    sum.update(plain.getBytes());
    String etag = "\"" + Long.toHexString(sum.getValue()) + "-" + plain.length() + "\"";
    return new StaticFile(type(path), etag, plain, bytes(path + ".gz"), bytes(path + ".br"));
  }

  private static @Nullable Buffer bytes(String path) throws IOException {
    try (InputStream in = StaticFile.class.getClassLoader().getResourceAsStream(path)) {
      return in == null ? null : Buffer.buffer(in.readAllBytes());
    }
  }

  private static String type(String path) {
    String extension = path.substring(path.lastIndexOf('.') + 1);
    return TYPES.getOrDefault(extension, OTHER_TYPE);
  }
}
