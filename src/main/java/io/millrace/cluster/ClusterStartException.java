package io.millrace.cluster;

/** A broker cannot take part in its cluster; the message is a sentence for its operator. */
public final class ClusterStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClusterStartException(String sentence) {
    super(sentence);
  }

  ClusterStartException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
