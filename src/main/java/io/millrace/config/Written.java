package io.millrace.config;

/**
 * A key as somebody wrote it.
 *
 * @param name name of the key, not yet known to be one
 * @param text its value
 * @param where the place, for messages: {@code conf/server.properties:12}
 * @param lenient whether an unknown name at this place is only worth a warning
 *     <p>Immutable.
 */
public record Written(String name, String text, String where, boolean lenient) {}
