package io.millrace.cluster.peer;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;

/** Why a connection could not be made. Stateless. */
final class DialFailure {
  private DialFailure() {}

  /** Whether the machine is there and says that nobody listens on the port. */
  static boolean isRefusal(Throwable cause) {
    return cause instanceof ConnectException
        && !(cause instanceof ConnectTimeoutException)
        && String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("refused");
  }

  /** The cause in a few words. */
  static String text(Throwable cause) {
    return cause instanceof UnknownHostException
        ? "no such host"
        : String.valueOf(cause.getMessage());
  }
}
