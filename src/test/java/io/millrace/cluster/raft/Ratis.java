package io.millrace.cluster.raft;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.LogAppender;

/** What goes wrong inside of Ratis, which nothing outside of it can bring about. */
final class Ratis {
  private Ratis() {}

  /** Stops for good what the leader sends the log to that broker with, as Ratis does. */
  static void stopSending(RaftNode leader, int brokerId) throws ReflectiveOperationException {
    Object division = division(member(leader));
    Object role = value(division.getClass(), division, "role");
    Optional<?> state = (Optional<?>) call(role, "getLeaderState", null, null);
    Predicate<LogAppender> ofBroker =
        sender -> RaftFolder.Identity.brokerId(sender.getFollowerId().toString()) == brokerId;
    call(state.orElseThrow(), "stopAndRemoveSenders", Predicate.class, ofBroker);
  }

  /** Closes the log and says why, as Ratis does when the log cannot be written. */
  static void closeLog(RaftNode node, IOException fault)
      throws ReflectiveOperationException, IOException {
    RaftMember member = member(node);
    ((RaftServer.Division) division(member)).getRaftLog().close();
    member.machine().notifyLogFailed(fault, null);
  }

  private static RaftMember member(RaftNode node) throws ReflectiveOperationException {
    Object part = value(RaftMetadataLog.class, node.log, "raft");
    return (RaftMember) value(RaftPart.class, part, "member");
  }

  private static Object division(RaftMember member) throws ReflectiveOperationException {
    RaftServer server = (RaftServer) value(RaftMember.class, member, "server");
    RaftGroupId group = (RaftGroupId) value(RaftMember.class, member, "group");
    return call(server, "getDivision", RaftGroupId.class, group);
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
