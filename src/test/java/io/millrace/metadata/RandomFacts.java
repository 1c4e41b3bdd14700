package io.millrace.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;

/** A random history of a cluster: each fact holds on the image that those before it led to. */
final class RandomFacts {
  private final Random random;
  private ClusterImage image = ClusterImage.EMPTY;

  RandomFacts(long seed) {
    random = new Random(seed);
  }

  ClusterImage image() {
    return image;
  }

  /** An entry of a few facts, applied. */
  MetadataEntry nextEntry(long term) {
    ClusterImage before = image;
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      Fact fact = next();
      facts.add(fact);
      image = image.apply(fact);
    }
    long sequence = before.term() == term ? before.nextSequence() : 0;
    MetadataEntry entry = new MetadataEntry(term, sequence, facts);
    image = before.apply(term, entry, new ClusterChange.Touched());
    return entry;
  }

  private Fact next() {
    if (image.clusterId().isEmpty()) {
      return new ClusterFounded("abcdefghijklmnopqrstuv");
    }
    if (image.brokers().isEmpty()) {
      return registration(0);
    }
    return switch (random.nextInt(13)) {
      case 0 -> registration(random.nextInt(3));
      case 1 -> new BrokerFenced(broker().id(), broker().epoch());
      case 2 -> new BrokerUnfenced(broker().id(), broker().epoch());
      case 3 -> new ControllerActivated(broker().id(), broker().epoch());
      case 4 ->
          new ProducerIdsAllocated(broker().id(), broker().epoch(), image.nextProducerId(), 9);
      case 5 ->
          new RequestAnswered(
              new RequestId(0, new Uuid(1, random.nextInt(2)), random.nextInt(100)),
              random.nextInt(1000),
              Bytes.wrap(new byte[random.nextInt(20)]));
      case 6 -> image.topics().isEmpty() ? creation() : new TopicDeleted(topic().id());
      case 7 -> image.topics().isEmpty() ? creation() : growth();
      case 8 -> image.topics().isEmpty() ? creation() : change();
      case 9 ->
          new ConfigChanged(
              random.nextBoolean() || image.topics().isEmpty()
                  ? ConfigScope.DEFAULT_BROKER
                  : ConfigScope.topic(topic().name()),
              Map.of("retention.ms", "" + random.nextInt()),
              Set.of("segment.bytes"));
      case 10 -> new BrokerUnregistered(broker().id(), broker().epoch());
      case 11 -> new BrokerShuttingDown(broker().id(), broker().epoch());
      default -> creation();
    };
  }

  private BrokerImage broker() {
    return image.brokers().firstEntry().getValue();
  }

  private TopicImage topic() {
    return image.topics().firstEntry().getValue();
  }

  private Fact registration(int id) {
    BrokerImage before = image.broker(id);
    return new BrokerRegistered(
        id,
        image.lastBrokerEpoch() + 1 + random.nextInt(3),
        before == null ? -1 : before.epoch(),
        new Uuid(random.nextLong(), random.nextLong()),
        List.of(new Endpoint("PLAINTEXT", "PLAINTEXT", "häuschen", 9092)),
        random.nextBoolean() ? "rack" : null,
        new BrokerStart(
            "1." + random.nextInt(9), new Uuid(random.nextLong(), 7), random.nextBoolean()));
  }

  private Fact creation() {
    String name = "topic" + (random.nextBoolean() ? "." : "-") + random.nextInt(1_000_000);
    return image.topic(name) != null
        ? new TopicDeleted(image.topic(name).id())
        : new TopicCreated(
            new Uuid(random.nextLong(), random.nextLong()),
            name,
            partitions(),
            random.nextBoolean() ? Map.of() : Map.of("cleanup.policy", "compact"));
  }

  private List<PartitionImage> partitions() {
    List<PartitionImage> partitions = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(5); i++) {
      partitions.add(PartitionImage.created(List.of(0, 1, 2), List.of(0, random.nextInt(3) + 1)));
    }
    return partitions;
  }

  private Fact growth() {
    return new PartitionsAdded(topic().id(), topic().partitions().size(), partitions());
  }

  private Fact change() {
    PartitionImage before = topic().partitions().get(0);
    PartitionImage next =
        new PartitionImage(
            before.replicas(),
            List.of(broker().id()),
            random.nextBoolean() ? broker().id() : PartitionImage.NO_LEADER,
            before.leaderEpoch() + random.nextInt(2),
            before.partitionEpoch() + 1,
            some(),
            some(),
            some(),
            some(),
            some());
    return new PartitionChanged(
        topic().id(), 0, before.partitionEpoch(), List.of(broker().epoch()), next);
  }

  private List<Integer> some() {
    return random.nextBoolean() ? List.of() : List.of(random.nextInt(3), 3 + random.nextInt(200));
  }
}
