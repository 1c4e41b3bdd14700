package io.millrace.partition;

import io.millrace.eventloop.EventLoop;
import io.millrace.model.TopicIdPartition;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the proposals of all leaders on this broker to the controller: one request is under way at
 * a time, and what comes meanwhile goes with the next one. A proposal whose fate is unknown is sent
 * again until it is known or its partition takes it back.
 *
 * <p>Confined to: the control loop, save {@link #propose} and {@link #withdraw}.
 */
final class IsrProposals {
  private static final Logger LOG = LoggerFactory.getLogger(IsrProposals.class);
  private static final long RETRY_MS = 100;
  private static final int PARTITIONS_AT_ONCE = 10_000;

  private final int brokerId;
  private final EventLoop control;
  private final IsrChanges controller;
  private final BrokerEpochs brokers;

  // Owner: the control loop.
  private final Map<TopicIdPartition, Proposal> open = new LinkedHashMap<>();
  private boolean sending;
  private boolean sendDue;

  /**
   * An ISR that a leader wants.
   *
   * @param members the ISR with the epochs of its brokers' registrations
   * @param outcome told once, on the control loop
   */
  record Proposal(
      TopicIdPartition partition,
      int leaderEpoch,
      int partitionEpoch,
      List<Member> members,
      Consumer<Outcome> outcome) {}

  record Member(int brokerId, long brokerEpoch) {}

  /** What became of a proposal. */
  sealed interface Outcome {
    /** The controller has that ISR now. */
    record Decided(int leaderEpoch, List<Integer> isr, int partitionEpoch) implements Outcome {}

    /** It was refused and never carried out. */
    record Refused(Errors error) implements Outcome {}

    /** The partition is another one by now; the image will tell. */
    record Overtaken(Errors error) implements Outcome {}
  }

  IsrProposals(int brokerId, EventLoop control, IsrChanges controller, BrokerEpochs brokers) {
    this.brokerId = brokerId;
    this.control = control;
    this.controller = controller;
    this.brokers = brokers;
  }

  /** Brings a proposal; it takes the place of the partition's last one. Any thread. */
  void propose(Proposal proposal) {
    control.execute(
        () -> {
          open.put(proposal.partition, proposal);
          sendSoon();
        });
  }

  /** Forgets the partition's proposal. Any thread. */
  void withdraw(TopicIdPartition partition) {
    control.execute(() -> open.remove(partition));
  }

  private void sendSoon() {
    if (!sending && !sendDue) {
      sendDue = true;
      control.atBatchEnd(this::send);
    }
  }

  private void send() {
    sendDue = false;
    if (sending || open.isEmpty()) {
      return;
    }
    long epoch = brokers.ofAlive(brokerId);
    if (epoch < 0) {
      retryLater(); // a fenced broker proposes nothing
      return;
    }
    sending = true;
    List<Proposal> sent = open.values().stream().limit(PARTITIONS_AT_ONCE).toList();
    controller
        .alter(control, request(epoch, sent))
        .onComplete(
            answer -> {
              sending = false;
              if (take(sent, answer)) {
                sendSoon();
              } else {
                retryLater();
              }
            });
  }

  private void retryLater() {
    if (!sendDue && !open.isEmpty()) {
      sendDue = true;
      control.schedule(RETRY_MS, this::send);
    }
  }

  private AlterPartitionRequestData request(long brokerEpoch, List<Proposal> proposals) {
    AlterPartitionRequestData request =
        new AlterPartitionRequestData().setBrokerId(brokerId).setBrokerEpoch(brokerEpoch);
    Map<Uuid, AlterPartitionRequestData.TopicData> topics = new LinkedHashMap<>();
    for (Proposal each : proposals) {
      topics
          .computeIfAbsent(
              each.partition.topicId(),
              id -> {
                AlterPartitionRequestData.TopicData topic =
                    new AlterPartitionRequestData.TopicData().setTopicId(id);
                request.topics().add(topic);
                return topic;
              })
          .partitions()
          .add(message(each));
    }
    return request;
  }

  private static AlterPartitionRequestData.PartitionData message(Proposal proposal) {
    List<BrokerState> isr = new ArrayList<>();
    for (Member member : proposal.members) {
      isr.add(new BrokerState().setBrokerId(member.brokerId).setBrokerEpoch(member.brokerEpoch));
    }
    return new AlterPartitionRequestData.PartitionData()
        .setPartitionIndex(proposal.partition.partition())
        .setLeaderEpoch(proposal.leaderEpoch)
        .setPartitionEpoch(proposal.partitionEpoch)
        .setNewIsrWithEpochs(isr);
  }

  /** False when the proposals are to be sent again a little later. */
  private boolean take(List<Proposal> sent, AsyncResult<AlterPartitionResponseData> answer) {
    if (answer.failed()) {
      LOG.debug("proposals of ISRs were not answered: {}", answer.cause().toString());
      return false;
    }
    if (answer.result().errorCode() != Errors.NONE.code()) {
      LOG.debug("proposals of ISRs: {}", Errors.forCode(answer.result().errorCode()));
      return false;
    }
    Map<Uuid, Map<Integer, AlterPartitionResponseData.PartitionData>> told = new LinkedHashMap<>();
    for (AlterPartitionResponseData.TopicData topic : answer.result().topics()) {
      Map<Integer, AlterPartitionResponseData.PartitionData> partitions =
          told.computeIfAbsent(topic.topicId(), id -> new LinkedHashMap<>());
      topic.partitions().forEach(each -> partitions.put(each.partitionIndex(), each));
    }
    boolean allKnown = true;
    for (Proposal each : sent) {
      AlterPartitionResponseData.PartitionData data =
          told.getOrDefault(each.partition.topicId(), Map.of()).get(each.partition.partition());
      Outcome outcome = data == null ? null : outcome(data);
      if (outcome == null) {
        allKnown = false;
      } else if (open.remove(each.partition, each)) {
        each.outcome.accept(outcome);
      }
    }
    return allKnown;
  }

  /** Null when it is not known what becomes of the proposal. */
  private static @Nullable Outcome outcome(AlterPartitionResponseData.PartitionData data) {
    Errors error = Errors.forCode(data.errorCode());
    return switch (error) {
      case NONE -> new Outcome.Decided(data.leaderEpoch(), data.isr(), data.partitionEpoch());
      case INELIGIBLE_REPLICA, OPERATION_NOT_ATTEMPTED -> new Outcome.Refused(error);
      case INVALID_UPDATE_VERSION,
          FENCED_LEADER_EPOCH,
          NEW_LEADER_ELECTED,
          NOT_LEADER_OR_FOLLOWER,
          INVALID_REQUEST,
          UNKNOWN_TOPIC_ID,
          UNKNOWN_TOPIC_OR_PARTITION ->
          new Outcome.Overtaken(error);
      default -> null;
    };
  }
}
