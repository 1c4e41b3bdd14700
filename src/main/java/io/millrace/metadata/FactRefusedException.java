package io.millrace.metadata;

/**
 * A fact whose precondition does not hold on the image that it met. It changes nothing; who decided
 * it decided on something that never came true.
 */
public final class FactRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public FactRefusedException(String message) {
    super(message);
  }
}
