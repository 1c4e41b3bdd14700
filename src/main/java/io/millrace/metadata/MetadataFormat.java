package io.millrace.metadata;

/**
 * The formats of the metadata log that this release understands. A new kind of fact, and a new form
 * of one, make a new format; it is written only when every registered broker has said that it
 * understands it. Stateless.
 */
public final class MetadataFormat {
  /** The oldest that is read. */
  public static final short OLDEST = 1;

  /** The newest that is read, and the one that is written. */
  public static final short NEWEST = 1;

  private MetadataFormat() {}
}
