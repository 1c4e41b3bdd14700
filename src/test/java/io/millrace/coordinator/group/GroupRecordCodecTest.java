package io.millrace.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.group.GroupRecord.GroupRemoved;
import io.millrace.coordinator.group.GroupRecord.GroupStored;
import io.millrace.coordinator.group.GroupRecord.OffsetCommitted;
import io.millrace.coordinator.group.GroupRecord.OffsetRemoved;
import io.millrace.coordinator.group.GroupRecord.PassedOver;
import io.millrace.coordinator.group.GroupRecord.Snapshot;
import io.millrace.coordinator.group.GroupRecord.StoredMember;
import io.millrace.coordinator.shard.RecordCodec.Encoded;
import io.millrace.model.TopicPartition;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupRecordCodecTest {
  private static final TopicPartition T3 = new TopicPartition("t", 3);

  private final GroupRecordCodec codec = new GroupRecordCodec();

  private GroupRecord read(String key, String value) {
    return codec.decode(
        ByteBuffer.wrap(HexFormat.of().parseHex(key)),
        ByteBuffer.wrap(HexFormat.of().parseHex(value)));
  }

  private void comesBack(GroupRecord record) {
    Encoded bytes = codec.encode(record);
    GroupRecord read =
        codec.decode(
            ByteBuffer.wrap(bytes.key()),
            bytes.value() == null ? null : ByteBuffer.wrap(bytes.value()));
    assertThat(read).usingRecursiveComparison().isEqualTo(record);
  }

  private static CommittedOffset offset(long expireMs, Uuid topicId) {
    return new CommittedOffset(42, expireMs >= 0 ? -1 : 7, "why", 1_000, expireMs, topicId);
  }

  private static GroupStored group(List<StoredMember> members) {
    return new GroupStored("g", new Snapshot("consumer", 5, "range", "m-1", 99, members));
  }

  private static StoredMember member(String instanceId) {
    return new StoredMember(
        "m-1", instanceId, "c", "/1.2.3.4", 300, 10, new byte[] {1, 2}, new byte[] {3});
  }

  @Test
  void readsWhatItWrites() {
    comesBack(new OffsetCommitted("g", T3, offset(-1, Uuid.ZERO_UUID)));
    comesBack(new OffsetCommitted("g", T3, offset(-1, new Uuid(5, 6))));
    comesBack(new OffsetCommitted("g", T3, offset(77, Uuid.ZERO_UUID)));
    comesBack(new OffsetRemoved("g", T3));
    comesBack(group(List.of(member(null), member("static"))));
    comesBack(new GroupStored("g", new Snapshot("consumer", 6, null, null, 99, List.of())));
    comesBack(new GroupRemoved("g"));
  }

  @Test
  void writesOffsetsInTheVersionThatOlderReadersKnow() {
    Encoded bytes = codec.encode(new OffsetCommitted("g", T3, offset(-1, Uuid.ZERO_UUID)));

    assertThat(HexFormat.of().formatHex(bytes.key())).isEqualTo("0001000167000174" + "00000003");
    assertThat(HexFormat.of().formatHex(bytes.value()))
        .isEqualTo("0003" + "000000000000002a" + "00000007" + "0003776879" + "00000000000003e8");
  }

  @Test
  void writesOffsetsOfTopicsWithIdInTheVersionThatHasAPlaceForIt() {
    Encoded bytes = codec.encode(new OffsetCommitted("g", T3, offset(-1, new Uuid(5, 6))));

    assertThat(HexFormat.of().formatHex(bytes.value()))
        .isEqualTo(
            "0004"
                + "000000000000002a"
                + "00000007"
                + "04776879"
                + "00000000000003e8"
                + "010010"
                + "00000000000000050000000000000006");
  }

  @Test
  void writesGroupsInVersion3() {
    Encoded bytes = codec.encode(group(List.of()));

    assertThat(HexFormat.of().formatHex(bytes.key())).isEqualTo("0002000167");
    assertThat(HexFormat.of().formatHex(bytes.value()))
        .isEqualTo(
            "0003"
                + "0008636f6e73756d6572"
                + "00000005"
                + "000572616e6765"
                + "00036d2d31"
                + "0000000000000063"
                + "00000000");
  }

  @Test
  void readsOffsetsOfAllVersionsUnderBothKeys() {
    String offset = "000000000000002a";
    String why = "0003776879";
    String time = "00000000000003e8";
    for (String key : List.of("0000", "0001")) {
      String where = key + "000167" + "000174" + "00000003";
      var plain =
          new OffsetCommitted(
              "g", T3, new CommittedOffset(42, -1, "why", 1_000, -1, Uuid.ZERO_UUID));
      assertThat(read(where, "0000" + offset + why + time)).isEqualTo(plain);
      assertThat(read(where, "0002" + offset + why + time)).isEqualTo(plain);
      assertThat(read(where, "0001" + offset + why + time + "000000000000004d"))
          .isEqualTo(
              new OffsetCommitted(
                  "g", T3, new CommittedOffset(42, -1, "why", 1_000, 77, Uuid.ZERO_UUID)));
      assertThat(read(where, "0003" + offset + "00000007" + why + time))
          .isEqualTo(new OffsetCommitted("g", T3, offset(-1, Uuid.ZERO_UUID)));
    }
  }

  @Test
  void readsGroupsOfVersion0WithTheSessionTimeoutAsRebalanceTimeout() {
    GroupRecord read =
        read(
            "0002000167",
            "0000"
                + "0008636f6e73756d6572"
                + "00000005"
                + "000572616e6765"
                + "00036d2d31"
                + "00000001"
                + "00036d2d31"
                + "000163"
                + "00022f68"
                + "0000000a"
                + "0000000101"
                + "0000000102");

    StoredMember member =
        new StoredMember("m-1", null, "c", "/h", 10, 10, new byte[] {1}, new byte[] {2});
    assertThat(read)
        .usingRecursiveComparison()
        .isEqualTo(
            new GroupStored("g", new Snapshot("consumer", 5, "range", "m-1", -1, List.of(member))));
  }

  @Test
  void passesOverTypesAndVersionsOfTheFuture() {
    assertThat(read("0003000167", "0000")).isInstanceOf(PassedOver.class);
    assertThat(read("0002000167", "0005")).isInstanceOf(PassedOver.class);
    assertThat(read("000100016700017400000003", "0063")).isInstanceOf(PassedOver.class);
  }

  @Test
  void passesOverATombstoneOfAnUnknownType() {
    ByteBuffer key = ByteBuffer.wrap(HexFormat.of().parseHex("0015000167"));

    assertThat(codec.decode(key, null)).isEqualTo(new PassedOver(21, "unknown type"));
  }

  @Test
  void refusesALengthThatIsLongerThanTheBytes() {
    assertThat(read("0002000167", "0003" + "7fff")).isInstanceOf(PassedOver.class);
    assertThat(
            read(
                "0002000167",
                "0003" + "0000" + "00000005" + "ffff" + "ffff" + "0000000000000063" + "7fffffff"))
        .isInstanceOf(PassedOver.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void neverFailsOnAnyBytes(long seed) {
    Random random = new Random(seed);
    Encoded real = codec.encode(group(List.of(member("static"), member(null))));
    for (int i = 0; i < 5_000; i++) {
      byte[] value = real.value().clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        value[random.nextInt(value.length)] = (byte) random.nextInt();
      }
      ByteBuffer cut = ByteBuffer.wrap(value, 0, random.nextInt(value.length + 1));

      assertThat(codec.decode(ByteBuffer.wrap(real.key()), cut)).isNotNull();
    }
  }
}
