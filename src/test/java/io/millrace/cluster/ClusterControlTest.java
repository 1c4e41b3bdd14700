package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.BrokerConfig;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.MetadataListener;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ClusterControlTest {

  @Test
  void foundsAClusterWithARandomIdAndRegistersItsBroker() {
    ClusterFixture fixture = new ClusterFixture();

    ClusterImage image = fixture.cluster.image();

    assertThat(image.clusterId()).hasSize(22);
    assertThat(image.controllerId()).isZero();
    assertThat(image.isAlive(0)).isTrue();
    assertThat(fixture.cluster.brokerEpoch()).isZero();
  }

  @Test
  void keepsClusterIdAndTopicsOverARestartAndRegistersWithAGreaterEpoch() {
    ClusterFixture before = new ClusterFixture();
    before.create("orders", 3, Map.of("retention.ms", "5"));

    ClusterFixture after = new ClusterFixture(Map.of(), before.stored);

    assertThat(after.cluster.image().clusterId()).isEqualTo(before.cluster.image().clusterId());
    assertThat(after.cluster.image().topic("orders"))
        .isEqualTo(before.cluster.image().topic("orders"));
    assertThat(after.cluster.effectiveLogConfig("orders").retentionMs()).isEqualTo(5);
    assertThat(after.cluster.brokerEpoch()).isEqualTo(1);
  }

  private static Future<Cluster> start(String clusterId, boolean mayFound, List<byte[]> stored) {
    SimScheduler world = new SimScheduler(1);
    EventLoop control = world.process("broker").loop("control");
    ClusterOptions options =
        new ClusterOptions(
            0, new Uuid(1, 99), clusterId, mayFound, List.of(), null, true, BrokerConfig.DEFAULTS);
    List<Future<Cluster>> started = new ArrayList<>();
    control.execute(
        () ->
            started.add(
                ClusterControl.start(
                    control,
                    control,
                    options,
                    new MemoryMetadataLog(control, stored),
                    () -> new Uuid(5, 5),
                    fault -> {})));
    world.runFor(100);
    return started.get(0);
  }

  @Test
  void takesTheClusterIdOfItsFolder() {
    assertThat(start("of-the-folder", true, new ArrayList<>()).result().image().clusterId())
        .isEqualTo("of-the-folder");
  }

  @Test
  void doesNotFoundAnewWhatHasPartitionsAlready() {
    assertThat(start("mine", false, new ArrayList<>()).cause())
        .isInstanceOf(ClusterStartException.class)
        .hasMessageContaining("put the missing log folder back");
  }

  @Test
  void refusesMetadataOfAnotherCluster() {
    ClusterFixture other = new ClusterFixture();

    assertThat(start("mine", true, other.stored).cause())
        .isInstanceOf(ClusterStartException.class)
        .hasMessageContaining("belongs to cluster mine, its metadata to cluster");
  }

  @Test
  void answersACreationWhenListenersHaveTakenItIn() {
    ClusterFixture fixture = new ClusterFixture();
    List<Runnable> opening = new ArrayList<>();
    List<ClusterChange> seen = new ArrayList<>();
    fixture.reply(c -> c.addListener(fixture.asker, holding(seen, opening)));

    Future<CreateTopicsResponseData> created = startCreation(fixture, "orders");
    fixture.world.runFor(1000);

    assertThat(created.isComplete()).isFalse();
    assertThat(fixture.cluster.image().topic("orders")).isNull();
    assertThat(seen.get(0).now().topic("orders")).isNotNull();

    fixture.control.execute(opening.remove(0));
    fixture.world.await(created, 1000);

    assertThat(fixture.cluster.image().topic("orders")).isNotNull();
  }

  @Test
  void tellsWhatHappenedMeanwhileAsOneChange() {
    ClusterFixture fixture = new ClusterFixture();
    List<Runnable> opening = new ArrayList<>();
    List<ClusterChange> seen = new ArrayList<>();
    fixture.reply(c -> c.addListener(fixture.asker, holding(seen, opening)));

    startCreation(fixture, "a");
    fixture.world.runFor(1000);
    startCreation(fixture, "b");
    startCreation(fixture, "c");
    fixture.world.runFor(1000);
    fixture.control.execute(opening.remove(0));
    fixture.world.runFor(1000);

    assertThat(seen).hasSize(2);
    ClusterChange second = seen.get(1);
    assertThat(second.before().topics().keySet()).containsExactly("a");
    assertThat(second.now().topics().keySet()).containsExactly("a", "b", "c");
    assertThat(second.topics())
        .containsExactlyInAnyOrder(second.now().topic("b").id(), second.now().topic("c").id());
  }

  /** Takes the first image in at once, and later ones when the test says so. */
  private static MetadataListener holding(List<ClusterChange> seen, List<Runnable> opening) {
    return (change, done) -> {
      if (change.before() == ClusterImage.EMPTY) {
        done.run();
      } else {
        seen.add(change);
        opening.add(done);
      }
    };
  }

  private static Future<CreateTopicsResponseData> startCreation(
      ClusterFixture fixture, String name) {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    request
        .topics()
        .add(
            new CreatableTopic().setName(name).setNumPartitions(1).setReplicationFactor((short) 1));
    return fixture.start(
        () -> fixture.cluster.createTopics(fixture.asker, ClusterFixture.CALLER, request));
  }

  @Test
  void createsOfTwoRequestsAtOnceOnlyOne() {
    ClusterFixture fixture = new ClusterFixture();

    Future<CreateTopicsResponseData> first = startCreation(fixture, "orders");
    Future<CreateTopicsResponseData> second = startCreation(fixture, "orders");

    List<Short> errors =
        List.of(
            fixture.world.await(first, 1000).topics().find("orders").errorCode(),
            fixture.world.await(second, 1000).topics().find("orders").errorCode());
    assertThat(errors)
        .containsExactlyInAnyOrder(Errors.NONE.code(), Errors.TOPIC_ALREADY_EXISTS.code());
  }

  @Test
  void logsAThousandPartitionsAsOneEntry() {
    ClusterFixture fixture = new ClusterFixture();
    int entries = fixture.stored.size();

    fixture.create("wide", 1000, Map.of());

    assertThat(fixture.stored).hasSize(entries + 1);
    assertThat(fixture.cluster.image().topic("wide").partitions()).hasSize(1000);
  }

  @Test
  void allocatesProducerIdsThatNobodyElseIsGivenAlsoAfterARestart() {
    ClusterFixture before = new ClusterFixture();
    ProducerIdBlock first = before.reply(c -> c.allocateProducerIds(before.asker));
    ProducerIdBlock second = before.reply(c -> c.allocateProducerIds(before.asker));
    ClusterFixture after = new ClusterFixture(Map.of(), before.stored);

    ProducerIdBlock third = after.reply(c -> c.allocateProducerIds(after.asker));

    assertThat(List.of(first.first(), second.first(), third.first()))
        .containsExactly(0L, 1000L, 2000L);
  }

  @Test
  void createsTheTopicOfCommittedOffsetsOnceWithItsOwnConfiguration() {
    ClusterFixture fixture =
        new ClusterFixture(
            Map.of("offsets.topic.num.partitions", "7", "offsets.topic.segment.bytes", "1048576"),
            new ArrayList<>());

    TopicImage topic =
        fixture.reply(c -> c.ensureInternalTopic(fixture.asker, "__consumer_offsets"));
    TopicImage again =
        fixture.reply(c -> c.ensureInternalTopic(fixture.asker, "__consumer_offsets"));

    assertThat(topic.partitions()).hasSize(7);
    assertThat(again).isSameAs(topic);
    assertThat(fixture.cluster.effectiveLogConfig("__consumer_offsets").segmentBytes())
        .isEqualTo(1048576);
    assertThat(fixture.cluster.effectiveLogConfig("__consumer_offsets").cleanup().compact())
        .isTrue();
  }

  @Test
  void importsTopicsWithTheirIdsAndWithoutDeletingTheirRecords() {
    ClusterFixture fixture = new ClusterFixture();
    Uuid id = new Uuid(7, 8);

    fixture.reply(
        c ->
            c.importTopics(
                fixture.asker,
                List.of(
                    new ImportedTopic(
                        "old", id, List.of(4, -1), Map.of("cleanup.policy", "compact")))));

    TopicImage topic = fixture.cluster.image().topic(id);
    assertThat(topic.name()).isEqualTo("old");
    assertThat(topic.partitions()).extracting(PartitionImage::leaderEpoch).containsExactly(5, 0);
    assertThat(fixture.cluster.effectiveLogConfig("old").retentionMs()).isEqualTo(-1);
    assertThat(fixture.cluster.effectiveLogConfig("old").retentionBytes()).isEqualTo(-1);
  }

  @Test
  void answersWithAnErrorAndReportsTheFaultWhenTheLogFails() {
    ClusterFixture fixture = new ClusterFixture();
    fixture.log.failWith(new IllegalStateException("disk gone"));

    Future<CreateTopicsResponseData> created = startCreation(fixture, "orders");
    fixture.world.runUntil(created::isComplete, 1000);

    assertThat(created.cause())
        .isInstanceOfSatisfying(
            NotDecidedException.class,
            e -> assertThat(e.error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR));
    assertThat(fixture.faults).hasSize(1);
  }
}
