package io.millrace.coordinator.remote;

import io.millrace.coordinator.group.GroupView;
import io.millrace.coordinator.group.GroupView.MemberView;
import io.millrace.coordinator.group.GroupView.Rebalance;
import io.millrace.model.TopicPartition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Views of groups as brokers share them: a version byte, the id of the coordinator's broker, the
 * fields in their order. Stateless.
 */
final class GroupViewCodec {
  private static final byte FORM = 1;
  private static final int TEXT_CHARS_MAX = 20_000;

  private GroupViewCodec() {}

  /**
   * A view with where it comes from.
   *
   * @param brokerId id of the coordinator's broker
   */
  record Shared(int brokerId, GroupView view) {}

  static byte[] encode(Shared shared) {
    GroupView view = shared.view();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORM);
      out.writeInt(shared.brokerId());
      text(out, view.groupId());
      text(out, view.state());
      text(out, view.protocolType());
      optional(out, view.protocol());
      out.writeInt(view.generation());
      optional(out, view.leader());
      out.writeInt(view.members().size());
      for (MemberView member : view.members()) {
        member(out, member);
      }
      optional(out, view.rebalancing());
      out.writeInt(view.rebalances().size());
      for (Rebalance one : view.rebalances()) {
        out.writeInt(one.generation());
        out.writeInt(one.members());
        out.writeLong(one.atMs());
        out.writeLong(one.durationMs());
        text(out, one.cause());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void member(DataOutputStream out, MemberView member) throws IOException {
    text(out, member.memberId());
    optional(out, member.instanceId());
    text(out, member.clientId());
    text(out, member.host());
    out.writeInt(member.node());
    out.writeInt(member.assigned().size());
    for (TopicPartition partition : member.assigned()) {
      text(out, partition.topic());
      out.writeInt(partition.partition());
    }
  }

  /** Clients say why they join in as many words as they like. */
  private static void text(DataOutputStream out, String text) throws IOException {
    out.writeUTF(text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX));
  }

  private static void optional(DataOutputStream out, @Nullable String text) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      text(out, text);
    }
  }

  /** Reads a view; null when it has a form that this version does not know. */
  static @Nullable Shared decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != FORM) {
        return null;
      }
      int brokerId = in.readInt();
      return new Shared(
          brokerId,
          new GroupView(
              in.readUTF(),
              in.readUTF(),
              in.readUTF(),
              optional(in),
              in.readInt(),
              optional(in),
              members(in),
              optional(in),
              rebalances(in)));
    } catch (IOException e) {
      // Cut off: the next one that is shared takes its place.
      return null;
    }
  }

  private static @Nullable String optional(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }

  private static List<MemberView> members(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<MemberView> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String memberId = in.readUTF();
      String instanceId = optional(in);
      String clientId = in.readUTF();
      String host = in.readUTF();
      int node = in.readInt();
      int assigned = in.readInt();
      List<TopicPartition> partitions = new ArrayList<>();
      for (int p = 0; p < assigned; p++) {
        partitions.add(new TopicPartition(in.readUTF(), in.readInt()));
      }
      members.add(
          new MemberView(memberId, instanceId, clientId, host, node, List.copyOf(partitions)));
    }
    return List.copyOf(members);
  }

  private static List<Rebalance> rebalances(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<Rebalance> rebalances = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rebalances.add(
          new Rebalance(in.readInt(), in.readInt(), in.readLong(), in.readLong(), in.readUTF()));
    }
    return List.copyOf(rebalances);
  }
}
