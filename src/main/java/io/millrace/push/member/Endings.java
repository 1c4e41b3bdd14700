package io.millrace.push.member;

import io.millrace.push.member.MemberEffect.Ended;
import io.millrace.push.member.MemberEffect.Ending;
import org.apache.kafka.common.protocol.Errors;

/** The words in which a membership ends. Stateless. */
final class Endings {
  private Endings() {}

  static Ended of(Ending ending, Errors error, MemberOptions options) {
    return switch (ending) {
      case LEFT -> new Ended(ending, error, "The group was left.", "");
      case FENCED ->
          new Ended(
              ending,
              error,
              "Group " + options.group() + " does not know this member any more.",
              "Connect again to join it anew.");
      case REPLACED ->
          new Ended(
              ending,
              error,
              "A newer socket took the place of instance " + options.instance() + ".",
              "Give each page an instance of its own.");
      case REFUSED -> new Ended(ending, error, refusal(error, options), hint(error));
    };
  }

  private static String refusal(Errors error, MemberOptions options) {
    return switch (error) {
      case INCONSISTENT_GROUP_PROTOCOL ->
          "The members of group " + options.group() + " share out in a way that browsers do not.";
      case GROUP_MAX_SIZE_REACHED -> "Group " + options.group() + " is full.";
      case POLICY_VIOLATION ->
          "The broker has no room for another member, as of group " + options.group() + ".";
      case GROUP_AUTHORIZATION_FAILED -> "Group " + options.group() + " may not be joined.";
      case INVALID_SESSION_TIMEOUT ->
          "The broker does not allow groups a session timeout of "
              + options.times().sessionMs()
              + " ms.";
      default -> "Group " + options.group() + " refused: " + error.message();
    };
  }

  private static String hint(Errors error) {
    return switch (error) {
      case INCONSISTENT_GROUP_PROTOCOL ->
          "Browsers know cooperative-sticky, range, roundrobin and sticky; set one of them as"
              + " partition.assignment.strategy of the others.";
      case GROUP_MAX_SIZE_REACHED -> "group.max.size limits the members of a group.";
      case POLICY_VIOLATION ->
          "group.memory.bytes limits what groups take; delete those that nobody uses.";
      case GROUP_AUTHORIZATION_FAILED -> "It needs the right to read as this group.";
      case INVALID_SESSION_TIMEOUT ->
          "Look at group.min.session.timeout.ms and group.max.session.timeout.ms.";
      default -> "Try again, or look at the group in the console.";
    };
  }
}
