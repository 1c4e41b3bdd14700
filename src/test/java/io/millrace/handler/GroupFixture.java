package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.SimDisk;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * A broker whose APIs of groups and offsets are asked in all their versions, on its own code. Each
 * request and answer goes through the bytes of its version.
 */
abstract class GroupFixture extends BrokerFixture {

  @Override
  LogFiles files() {
    return new SimDisk(1);
  }

  @Override
  Map<String, String> settings() {
    return Map.of("offsets.topic.num.partitions", "2");
  }

  static Stream<Short> versions(ApiKeys api) {
    return IntStream.rangeClosed(api.oldestVersion(), api.latestVersion())
        .mapToObj(version -> (short) version);
  }

  static ByteBuffer bytes(ApiMessage message, short version) {
    return MessageUtil.toByteBufferAccessor(message, version).buffer();
  }

  static ApiMessage written(ApiKeys api, short version, ApiMessage request) {
    return read(api.messageType.newRequest(), bytes(request, version), version);
  }

  static ApiMessage read(ApiMessage empty, ByteBuffer bytes, short version) {
    empty.read(new ByteBufferAccessor(bytes), version);
    assertThat(bytes.remaining()).isZero();
    return empty;
  }

  Future<ApiMessage> send(ApiKeys api, short version, ApiMessage request) {
    return broker
        .call(3, api, version, written(api, version, request))
        .map(answer -> read(api.messageType.newResponse(), bytes(answer, version), version));
  }

  <T extends ApiMessage> T ask(Class<T> type, ApiKeys api, short version, ApiMessage request) {
    return type.cast(sim.await(send(api, version, request), 60_000));
  }

  static Errors error(short code) {
    return Errors.forCode(code);
  }

  /** Makes the topic of the coordinators, by looking for one of them. */
  void makeTopic() {
    FindCoordinatorResponseData found =
        ask(
            FindCoordinatorResponseData.class,
            ApiKeys.FIND_COORDINATOR,
            (short) 4,
            new FindCoordinatorRequestData().setCoordinatorKeys(List.of("g")));
    assertThat(found.coordinators()).allMatch(c -> c.errorCode() == 0);
  }

  OffsetCommitResponseData commit(short version, String topic, int partition) {
    OffsetCommitRequestTopic wanted = new OffsetCommitRequestTopic().setName(topic);
    if (version >= 10) {
      wanted.setName("").setTopicId(idOf(topic));
    }
    wanted
        .partitions()
        .add(
            new OffsetCommitRequestPartition()
                .setPartitionIndex(partition)
                .setCommittedOffset(42)
                .setCommittedMetadata("why"));
    return ask(
        OffsetCommitResponseData.class,
        ApiKeys.OFFSET_COMMIT,
        version,
        new OffsetCommitRequestData().setGroupId("g").setTopics(List.of(wanted)));
  }

  Uuid idOf(String topic) {
    var partition = broker.partitions().get(topic, 0);
    return partition == null ? new Uuid(9, 9) : partition.id().topicId();
  }
}
