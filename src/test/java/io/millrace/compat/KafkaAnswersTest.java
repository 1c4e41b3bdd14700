package io.millrace.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.app.Broker;
import io.millrace.app.StartOptions;
import io.millrace.config.BrokerConfig;
import io.millrace.network.WireClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers as an Apache Kafka 4.3.1 gives them to the same requests. The expected values were read
 * off such a broker; they are what clients and tools decide by.
 */
class KafkaAnswersTest {
  @TempDir static Path folder;
  private static Broker broker;
  private static WireClient client;

  @BeforeAll
  static void start() throws Exception {
    BrokerConfig config =
        BrokerConfig.of(
            Map.of("listeners", "PLAINTEXT://127.0.0.1:0", "log.dirs", folder.toString()));
    broker = Broker.start(config, StartOptions.PLAIN).await(20, TimeUnit.SECONDS);
    client = new WireClient(broker.port("PLAINTEXT"));
    await().atMost(Duration.ofSeconds(20)).until(KafkaAnswersTest::coordinatesGroups);
  }

  /** Whether the topic of the groups has been made, and this broker leads all of it. */
  private static boolean coordinatesGroups() throws IOException {
    FindCoordinatorRequestData find = new FindCoordinatorRequestData().setKey("any");
    client.call(find, (short) 3);
    DescribeGroupsRequestData describe =
        new DescribeGroupsRequestData()
            .setGroups(IntStream.range(1, 10).mapToObj(i -> "g" + i).toList());
    return ((DescribeGroupsResponseData) client.call(describe, (short) 5))
        .groups().stream().allMatch(group -> group.errorCode() == Errors.NONE.code());
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    broker.stop().await(20, TimeUnit.SECONDS);
  }

  /** Each word is a batch: epoch/first sequence, number of records, offset or error. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // In order; repeats of one batch have its offset.
        "0/0x3=0 0/3x2=3 0/3x2=3 0/0x3=0 0/5x1=5",
        // A gap, and a batch that only partly repeats.
        "0/0x3=0 0/4x1=OUT_OF_ORDER_SEQUENCE_NUMBER 0/2x2=OUT_OF_ORDER_SEQUENCE_NUMBER 0/3x1=3",
        // The newest five are remembered.
        "0/0x1=0 0/1x1=1 0/2x1=2 0/3x1=3 0/4x1=4 0/5x1=5 0/1x1=1"
            + " 0/0x1=OUT_OF_ORDER_SEQUENCE_NUMBER",
        // A new epoch begins with 0, and ends the one before.
        "0/0x3=0 1/3x1=OUT_OF_ORDER_SEQUENCE_NUMBER 1/0x1=3 0/3x1=INVALID_PRODUCER_EPOCH 1/1x1=4",
        // An epoch may be left out.
        "0/0x1=0 7/0x1=1 6/0x1=INVALID_PRODUCER_EPOCH 7/1x1=2",
      })
  void idempotentProducer(String batches) throws IOException {
    String topic = "producer-" + Math.abs(batches.hashCode());
    create(topic);

    for (String batch : batches.split(" ")) {
      assertThat(written(topic, batch)).as(batch).isEqualTo(batch.split("=")[1]);
    }
  }

  @ParameterizedTest(name = "{0}, {1} partitions, {2} replicas, {3}: {4}")
  @CsvSource(
      delimiter = '|',
      value = {
        "t   | 1  | 1  | ''                                | NONE",
        "t   | -1 | -1 | ''                                | NONE",
        "t   | 0  | 1  | ''                                | INVALID_PARTITIONS",
        "t   | -2 | 1  | ''                                | INVALID_PARTITIONS",
        "t   | 1  | 0  | ''                                | INVALID_REPLICATION_FACTOR",
        "t   | 1  | -2 | ''                                | INVALID_REPLICATION_FACTOR",
        "t   | 1  | 2  | ''                                | INVALID_REPLICATION_FACTOR",
        "''  | 1  | 1  | ''                                | INVALID_TOPIC_EXCEPTION",
        "..  | 1  | 1  | ''                                | INVALID_TOPIC_EXCEPTION",
        "a b | 1  | 1  | ''                                | INVALID_TOPIC_EXCEPTION",
        "..  | 0  | 0  | no.such=1                         | INVALID_TOPIC_EXCEPTION",
        "t   | 0  | 1  | no.such=1                         | INVALID_CONFIG",
        "t   | 1  | 1  | no.such=1                         | INVALID_CONFIG",
        "t   | 1  | 1  | retention.ms=-1                   | NONE",
        "t   | 1  | 1  | retention.ms=-2                   | INVALID_CONFIG",
        "t   | 1  | 1  | retention.ms=soon                 | INVALID_CONFIG",
        "t   | 1  | 1  | retention.ms=1 retention.ms=2     | NONE",
        "t   | 1  | 1  | min.insync.replicas=2             | NONE",
        "t   | 1  | 1  | min.insync.replicas=0             | INVALID_CONFIG",
        "t   | 1  | 1  | cleanup.policy=compact,delete     | NONE",
        "t   | 1  | 1  | cleanup.policy=COMPACT            | INVALID_CONFIG",
        "t   | 1  | 1  | compression.type=GZIP             | INVALID_CONFIG",
        "t   | 1  | 1  | message.timestamp.type=createtime | INVALID_CONFIG",
        "t   | 1  | 1  | unclean.leader.election.enable=no | INVALID_CONFIG",
        "t   | 1  | 1  | segment.bytes=13                  | INVALID_CONFIG",
      })
  void creationOfATopic(
      String name, int partitions, short replicas, String configs, Errors expected)
      throws IOException {
    CreatableTopic topic =
        new CreatableTopic()
            .setName(name)
            .setNumPartitions(partitions)
            .setReplicationFactor(replicas);
    Arrays.stream(configs.split(" "))
        .filter(config -> !config.isEmpty())
        .map(config -> config.split("="))
        .map(pair -> new CreatableTopicConfig().setName(pair[0]).setValue(pair[1]))
        .forEach(topic.configs()::add);

    assertThat(created(topic, true)).isEqualTo(expected);
  }

  /** The first join of a group, by a client that knows nothing of it yet. */
  @ParameterizedTest(name = "group ''{1}'' in version {0} as ''{2}'' {3}, {4} ms, {5} {6}: {7}")
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | g1 | ''       | ''  | 10000   | consumer | range | NONE",
        "4 | g2 | ''       | ''  | 10000   | consumer | range | MEMBER_ID_REQUIRED",
        "9 | g3 | ''       | ''  | 10000   | consumer | range | MEMBER_ID_REQUIRED",
        "9 | g4 | ''       | one | 10000   | consumer | range | NONE",
        "9 | '' | ''       | ''  | 10000   | consumer | range | INVALID_GROUP_ID",
        "9 | g5 | ''       | ''  | 5999    | consumer | range | INVALID_SESSION_TIMEOUT",
        "9 | g6 | ''       | ''  | 1800001 | consumer | range | INVALID_SESSION_TIMEOUT",
        "9 | g7 | ''       | ''  | 10000   | ''       | range | INCONSISTENT_GROUP_PROTOCOL",
        "9 | g8 | ''       | ''  | 10000   | consumer | ''    | INCONSISTENT_GROUP_PROTOCOL",
        "9 | g9 | stranger | ''  | 10000   | consumer | range | UNKNOWN_MEMBER_ID",
        "9 | '' | stranger | ''  | 1       | ''       | ''    | INVALID_GROUP_ID",
      })
  void firstJoinOfAGroup(
      short version,
      String group,
      String member,
      String instance,
      int sessionMs,
      String type,
      String protocol,
      Errors expected)
      throws IOException {
    JoinGroupRequestData join =
        new JoinGroupRequestData()
            .setGroupId(group)
            .setMemberId(member)
            .setGroupInstanceId(instance.isEmpty() ? null : instance)
            .setSessionTimeoutMs(sessionMs)
            .setRebalanceTimeoutMs(10_000)
            .setProtocolType(type);
    if (!protocol.isEmpty()) {
      join.protocols()
          .add(new JoinGroupRequestProtocol().setName(protocol).setMetadata(new byte[0]));
    }

    JoinGroupResponseData answer = (JoinGroupResponseData) client.call(join, version);

    assertThat(Errors.forCode(answer.errorCode())).isEqualTo(expected);
  }

  private static void create(String topic) throws IOException {
    CreatableTopic wish = new CreatableTopic().setName(topic).setNumPartitions(1);
    assertThat(created(wish.setReplicationFactor((short) 1), false)).isEqualTo(Errors.NONE);
  }

  private static Errors created(CreatableTopic topic, boolean onlyJudged) throws IOException {
    CreateTopicsRequestData request =
        new CreateTopicsRequestData().setTimeoutMs(10_000).setValidateOnly(onlyJudged);
    request.topics().add(topic);
    CreateTopicsResponseData answer = (CreateTopicsResponseData) client.call(request, (short) 7);
    return Errors.forCode(answer.topics().iterator().next().errorCode());
  }

  /** Writes what is before the {@code =}; the offset that it got, or the name of the error. */
  private static String written(String topic, String batch) throws IOException {
    List<Integer> numbers =
        Arrays.stream(batch.split("=")[0].split("[/x]")).map(Integer::valueOf).toList();
    SimpleRecord[] records =
        IntStream.range(0, numbers.get(2))
            .mapToObj(i -> new SimpleRecord(1L, new byte[] {'k'}, new byte[] {'v'}))
            .toArray(SimpleRecord[]::new);
    TopicProduceData wish = new TopicProduceData().setName(topic);
    wish.partitionData()
        .add(
            new PartitionProduceData()
                .setRecords(
                    MemoryRecords.withIdempotentRecords(
                        Compression.NONE,
                        4711,
                        numbers.get(0).shortValue(),
                        numbers.get(1),
                        records)));
    ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000);
    request.topicData().add(wish);

    PartitionProduceResponse answer =
        ((ProduceResponseData) client.call(request, (short) 12))
            .responses()
            .iterator()
            .next()
            .partitionResponses()
            .get(0);
    Errors error = Errors.forCode(answer.errorCode());
    return error == Errors.NONE ? String.valueOf(answer.baseOffset()) : error.name();
  }
}
