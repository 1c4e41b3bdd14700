package io.millrace.cluster.peer;

/** Why a peer gave no answer. Immutable. */
public final class PeerFault extends Exception {
  private static final long serialVersionUID = 1;

  /** What was seen of the peer. */
  public enum Kind {
    /** Its port refuses connections: no process listens there. */
    REFUSED,
    /** No answer within the time, or the address cannot be reached or resolved. */
    SILENT,
    /** The connection was closed before the answer came; the request may have been served. */
    LOST,
    /** It answered with something that is not understood, or refused the request as such. */
    REJECTED
  }

  private final Kind kind;
  private final boolean connected;

  /** A fault of that kind; {@code message} names the peer and what was asked. */
  public PeerFault(Kind kind, String message) {
    this(kind, message, kind == Kind.REJECTED);
  }

  /** A fault of a peer to which there was a connection or not. */
  public PeerFault(Kind kind, String message, boolean connected) {
    super(message, null, false, false);
    this.kind = kind;
    this.connected = connected;
  }

  /** Whether there was a connection: somebody listens on the port, who may be no broker. */
  public boolean isConnected() {
    return connected;
  }

  /** What was seen of the peer. */
  public Kind kind() {
    return kind;
  }
}
