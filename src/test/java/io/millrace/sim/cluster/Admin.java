package io.millrace.sim.cluster;

import io.millrace.metadata.PartitionImage;
import io.millrace.sim.Requests;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Creates topics by way of any broker, again when no answer came. A topic is created once: the
 * answer to a request that was sent once is never that it exists already.
 *
 * <p>Confined to: the test's thread.
 */
final class Admin {
  private final ClusterWorld world;
  private final ClusterClient client;
  private final ArrayDeque<Wish> wishes = new ArrayDeque<>();
  private @Nullable Wish under;
  private int next;

  private static final class Wish {
    private final String topic;
    private final int partitions;
    private final CreateTopicsRequestData request;
    private final boolean watched;
    private int sent;

    Wish(String topic, int partitions, CreateTopicsRequestData request, boolean watched) {
      this.topic = topic;
      this.partitions = partitions;
      this.request = request;
      this.watched = watched;
    }
  }

  Admin(ClusterWorld world) {
    this.world = world;
    this.client = new ClusterClient(world, "admin");
  }

  /** Wants a topic whose partitions are watched when it is there. */
  void create(String topic, int partitions, int replicationFactor, String... configs) {
    wishes.add(wish(topic, partitions, replicationFactor, true, configs));
  }

  private static Wish wish(
      String topic, int partitions, int replicationFactor, boolean watched, String... configs) {
    CreateTopicsRequestData request = Requests.createTopic(topic, partitions, configs);
    request.topics().find(topic).setReplicationFactor((short) replicationFactor);
    return new Wish(topic, partitions, request, watched);
  }

  /** Wants something new. */
  void step() {
    int dice = world.random.nextInt(4);
    if (dice == 0) {
      client.call(client.anyBroker(), ApiKeys.ELECT_LEADERS, 2, preferred());
    } else if (dice == 1) {
      move();
    } else if (wishes.size() < 3) {
      wishes.add(wish("t" + next++, 1 + world.random.nextInt(2), 1, false));
    }
  }

  /** Wants a few topics. */
  void createSome() {
    wishes.add(wish("t" + next++, 1, 1, false));
  }

  /** Has a replica lead a partition, by making it the preferred one. */
  void lead(ClusterHistory history, int brokerId) {
    PartitionImage now = world.raft.image().partition(history.topic(), history.partition());
    if (now == null || !now.replicas().contains(brokerId)) {
      return;
    }
    List<Integer> order = new ArrayList<>(now.replicas());
    order.remove((Integer) brokerId);
    order.add(0, brokerId);
    move(history, order);
    client.call(client.anyBroker(), ApiKeys.ELECT_LEADERS, 2, preferred());
  }

  private static ElectLeadersRequestData preferred() {
    return new ElectLeadersRequestData().setElectionType((byte) 0).setTopicPartitions(null);
  }

  /** Replicas of a partition come to other brokers, or stand in another order. */
  private void move() {
    List<ClusterHistory> watched = List.copyOf(world.histories.values());
    ClusterHistory history = watched.get(world.random.nextInt(watched.size()));
    PartitionImage now = world.raft.image().partition(history.topic(), history.partition());
    if (now == null) {
      return;
    }
    List<Integer> brokers = new ArrayList<>();
    world.machines.forEach(machine -> brokers.add(machine.id()));
    Collections.shuffle(brokers, world.random);
    int count = now.replicas().size() - now.adding().size();
    move(history, brokers.subList(0, Math.min(count, brokers.size())));
  }

  private void move(ClusterHistory history, List<Integer> replicas) {
    ReassignableTopic wish = new ReassignableTopic().setName(history.topic());
    wish.partitions()
        .add(
            new ReassignablePartition()
                .setPartitionIndex(history.partition())
                .setReplicas(replicas));
    world.note("move " + history.name());
    AlterPartitionReassignmentsRequestData request =
        new AlterPartitionReassignmentsRequestData().setTopics(List.of(wish));
    client.call(client.anyBroker(), ApiKeys.ALTER_PARTITION_REASSIGNMENTS, 0, request);
  }

  /** Sends what is wanted next. */
  void pump() {
    Wish wish = wishes.peek();
    if (under != null || wish == null) {
      return;
    }
    under = wish;
    wish.sent++;
    client
        .<CreateTopicsResponseData>call(client.anyBroker(), ApiKeys.CREATE_TOPICS, 7, wish.request)
        .onComplete(
            done -> {
              under = null;
              if (done.succeeded()) {
                answered(wish, done.result());
              }
            });
  }

  private void answered(Wish wish, CreateTopicsResponseData answer) {
    var result = answer.topics().find(wish.topic);
    Errors error = Errors.forCode(result.errorCode());
    switch (error) {
      case NONE -> done(wish);
      case TOPIC_ALREADY_EXISTS -> {
        if (wish.sent == 1) {
          throw new Violation(
              "decided-once", wish.topic + " exists already, but was asked for once");
        }
        done(wish);
      }
      case NOT_CONTROLLER,
          REQUEST_TIMED_OUT,
          COORDINATOR_NOT_AVAILABLE,
          INVALID_REPLICATION_FACTOR -> {}
      default ->
          throw new Violation(
              "answers", "creating " + wish.topic + ": " + error + " " + result.errorMessage());
    }
  }

  private void done(Wish wish) {
    wishes.remove(wish);
    ClusterWorld.count("topics created", 1);
    if (wish.watched) {
      world.watch(wish.topic, wish.partitions);
    }
    if (world.raft.image().topic(wish.topic) == null) {
      throw new Violation("decided-stays", wish.topic + " was created and is not there");
    }
  }

  /** Whether everything that was wanted is there. */
  boolean isIdle() {
    return wishes.isEmpty();
  }

  @Override
  public String toString() {
    Wish wish = wishes.peek();
    return wish == null ? "nothing wanted" : wish.topic + " was asked for " + wish.sent + " times";
  }
}
