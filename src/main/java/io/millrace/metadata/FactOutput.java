package io.millrace.metadata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/** Writes the parts of facts: variable-length numbers, texts with their length in bytes. */
final class FactOutput {
  private ByteBuffer buffer;

  // The partitions of a new topic are often one and the same object.
  private @Nullable PartitionImage lastPartition;
  private int lastPartitionAt;
  private int lastPartitionEnd;

  FactOutput(int sizeHint) {
    buffer = ByteBuffer.allocate(Math.max(16, sizeHint));
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int capacity = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
      buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
    }
    return buffer;
  }

  void number(int value) {
    ByteUtils.writeVarint(value, room(5));
  }

  void number(long value) {
    ByteUtils.writeVarlong(value, room(10));
  }

  void octet(int value) {
    room(1).put((byte) value);
  }

  void flag(boolean value) {
    octet(value ? 1 : 0);
  }

  void bytes(byte[] value) {
    number(value.length);
    room(value.length).put(value);
  }

  void text(String value) {
    bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  void textOrNull(@Nullable String value) {
    flag(value != null);
    if (value != null) {
      text(value);
    }
  }

  void uuid(Uuid value) {
    room(16).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
  }

  <T> void list(Collection<T> values, BiConsumer<FactOutput, T> element) {
    number(values.size());
    values.forEach(value -> element.accept(this, value));
  }

  void numbers(List<Integer> values) {
    number(values.size());
    for (int value : values) {
      number(value);
    }
  }

  void texts(Map<String, String> values) {
    number(values.size());
    values.forEach(
        (key, value) -> {
          text(key);
          text(value);
        });
  }

  void partition(PartitionImage partition) {
    if (partition == lastPartition) {
      int bytes = lastPartitionEnd - lastPartitionAt;
      room(bytes).put(buffer.array(), lastPartitionAt, bytes);
      return;
    }
    lastPartitionAt = buffer.position();
    writePartition(partition);
    lastPartitionEnd = buffer.position();
    lastPartition = partition;
  }

  private void writePartition(PartitionImage partition) {
    numbers(partition.replicas());
    numbers(partition.isr());
    number(partition.leader());
    number(partition.leaderEpoch());
    number(partition.partitionEpoch());
    numbers(partition.adding());
    numbers(partition.removing());
    numbers(partition.eligible());
    numbers(partition.lastIsr());
    numbers(partition.offline());
  }

  void brokerStart(BrokerStart start) {
    text(start.version());
    uuid(start.folder());
    flag(start.trusted());
  }

  void endpoint(Endpoint endpoint) {
    text(endpoint.listener());
    text(endpoint.securityProtocol());
    text(endpoint.host());
    number(endpoint.port());
  }

  void scope(ConfigScope scope) {
    octet(scope.kind().code());
    text(scope.name());
  }
}
