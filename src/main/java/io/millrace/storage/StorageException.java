package io.millrace.storage;

/** A reason why storage cannot be opened, as one sentence for the operator. Immutable. */
public final class StorageException extends RuntimeException {

  /** A reason without a cause worth showing. */
  public StorageException(String sentence) {
    super(sentence, null, false, false);
  }

  /** A reason with the failure behind it. */
  public StorageException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
