package io.millrace.protocol;

/** A request that cannot be decoded; its connection is closed, as Kafka does. */
public final class MalformedRequestException extends RuntimeException {
  /**
   * @param message what is wrong, as one sentence without the request's contents
   */
  public MalformedRequestException(String message) {
    super(message, null, false, false);
  }
}
