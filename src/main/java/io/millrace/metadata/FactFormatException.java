package io.millrace.metadata;

/** Stored facts that cannot be read: damaged, or written by a newer version. */
public final class FactFormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public FactFormatException(String message) {
    super(message);
  }
}
