package io.millrace.push;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.common.protocol.Errors;

/** Why a session ends. Up to 4499 a client may come back, from 4500 on it should not. */
enum CloseCode {
  DRAINED(4000),
  CREDENTIALS_EXPIRED(4001),
  TOO_SLOW(4002),
  HEARTBEAT_MISSED(4003),
  FENCED(4004),
  QUOTA(4005),
  BAD_FRAME(4500),
  NOT_AUTHENTICATED(4501),
  FORBIDDEN(4503),
  UNKNOWN_TOPIC(4504),
  UNKNOWN_SUBPROTOCOL(4505),
  POSITION_GONE(4506),
  REPLACED(4507),
  LIMIT_REACHED(4508),
  RECORD_TOO_LARGE(4509),
  DONE(1000),
  FRAME_TOO_LARGE(1009),
  RESTART(1012),
  OVERLOADED(1013);

  private static final int REASON_BYTES_MAX = 123;
  private static final int FOR_GOOD = 4500;

  /** A page that is left or loaded again; nothing that a broker sends. */
  private static final int GOING_AWAY = 1001;

  private final int code;

  CloseCode(int code) {
    this.code = code;
  }

  /** The code that tells of an error where there is no other answer. */
  static CloseCode of(Errors error) {
    return switch (error) {
      case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID -> UNKNOWN_TOPIC;
      case TOPIC_AUTHORIZATION_FAILED, GROUP_AUTHORIZATION_FAILED -> FORBIDDEN;
      case OFFSET_OUT_OF_RANGE, INCONSISTENT_TOPIC_ID -> POSITION_GONE;
      case POLICY_VIOLATION -> LIMIT_REACHED;
      case INVALID_REQUEST -> BAD_FRAME;
      default -> Reply.isRetriable(error) ? OVERLOADED : BAD_FRAME;
    };
  }

  /** Whether a page closes with that code of its own will: done, or going away. */
  static boolean isInDueForm(int code) {
    return code == DONE.code || code == GOING_AWAY;
  }

  /** Whether a client may come back after it. */
  boolean mayComeBack() {
    return this != DONE && code < FOR_GOOD;
  }

  int code() {
    return code;
  }

  /** The reason as it goes over the wire: a short code and human words, at most 123 bytes. */
  String reason(String words) {
    String reason = name().toLowerCase(Locale.ROOT).replace('_', '-') + ": " + words;
    while (reason.getBytes(StandardCharsets.UTF_8).length > REASON_BYTES_MAX) {
      reason = reason.substring(0, reason.length() - 1);
    }
    return reason;
  }
}
