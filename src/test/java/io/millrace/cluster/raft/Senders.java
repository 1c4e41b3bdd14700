package io.millrace.cluster.raft;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.LogAppender;

/** What a leader of Ratis sends its log with, which a change of the group that fails may stop. */
final class Senders {
  private Senders() {}

  /** Stops for good what the leader sends the log to that broker with, as Ratis does. */
  static void drop(RaftNode leader, int brokerId) throws ReflectiveOperationException {
    Object part = value(RaftMetadataLog.class, leader.log, "raft");
    Object member = value(RaftPart.class, part, "member");
    RaftServer server = (RaftServer) value(RaftMember.class, member, "server");
    RaftGroupId group = (RaftGroupId) value(RaftMember.class, member, "group");
    Object division = call(server, "getDivision", RaftGroupId.class, group);
    Object role = value(division.getClass(), division, "role");
    Optional<?> state = (Optional<?>) call(role, "getLeaderState", null, null);
    Predicate<LogAppender> ofBroker =
        sender -> RaftFolder.Identity.brokerId(sender.getFollowerId().toString()) == brokerId;
    call(state.orElseThrow(), "stopAndRemoveSenders", Predicate.class, ofBroker);
  }

  private static Object value(Class<?> of, Object in, String name)
      throws ReflectiveOperationException {
    Field field = of.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(in);
  }

  private static Object call(Object on, String name, Class<?> type, Object argument)
      throws ReflectiveOperationException {
    Method method =
        type == null
            ? on.getClass().getDeclaredMethod(name)
            : on.getClass().getDeclaredMethod(name, type);
    method.setAccessible(true);
    return type == null ? method.invoke(on) : method.invoke(on, argument);
  }
}
