package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * What brokers ask the active controller in Kafka's messages; for the peer port only.
 *
 * <ul>
 *   <li>BrokerRegistration (62): a process asks for its place (KIP-500, KIP-966).
 *   <li>BrokerHeartbeat (63): it lives, has caught up, wants to go (KIP-500).
 *   <li>AlterPartition (56): the leader changes an ISR (KIP-497). 2: topic ids (KIP-841). 3:
 *       members with the epochs of their registration (KIP-903).
 * </ul>
 *
 * <p>A broker that is not the active controller answers NOT_CONTROLLER to the first two and asks
 * the active controller the third.
 */
public final class ControllerHandlers {
  private static final short FIRST_WITH_EPOCHS = 3;

  private ControllerHandlers() {}

  /** A handler for each of the three. */
  public static List<ApiHandler<?>> all(Cluster cluster) {
    return List.of(new Registration(cluster), new Heartbeat(cluster), new AlterPartition(cluster));
  }

  /** The answer, or one with the error for which there is none. */
  private static Future<ApiMessage> orCode(
      Future<? extends ApiMessage> answer, Function<Short, ApiMessage> onError) {
    return ClusterAnswers.orError(answer, e -> onError.apply(Errors.forException(e).code()));
  }

  private record Registration(Cluster cluster)
      implements ApiHandler<BrokerRegistrationRequestData> {
    @Override
    public ApiKeys api() {
      return ApiKeys.BROKER_REGISTRATION;
    }

    @Override
    public Future<ApiMessage> handle(
        RequestContext context, BrokerRegistrationRequestData request) {
      return orCode(
          cluster.registerBroker(context.loop(), request),
          code -> new BrokerRegistrationResponseData().setErrorCode(code));
    }
  }

  private record Heartbeat(Cluster cluster) implements ApiHandler<BrokerHeartbeatRequestData> {
    @Override
    public ApiKeys api() {
      return ApiKeys.BROKER_HEARTBEAT;
    }

    @Override
    public Future<ApiMessage> handle(RequestContext context, BrokerHeartbeatRequestData request) {
      return orCode(
          cluster.heartbeat(context.loop(), request),
          code -> new BrokerHeartbeatResponseData().setErrorCode(code));
    }
  }

  private record AlterPartition(Cluster cluster) implements ApiHandler<AlterPartitionRequestData> {
    @Override
    public ApiKeys api() {
      return ApiKeys.ALTER_PARTITION;
    }

    @Override
    public Future<ApiMessage> handle(RequestContext context, AlterPartitionRequestData request) {
      if (context.version() < FIRST_WITH_EPOCHS) {
        request.topics().forEach(topic -> topic.partitions().forEach(AlterPartition::withEpochs));
      }
      return orCode(
          cluster.alterPartition(context.loop(), request),
          code -> new AlterPartitionResponseData().setErrorCode(code));
    }

    private static void withEpochs(AlterPartitionRequestData.PartitionData partition) {
      partition.setNewIsrWithEpochs(
          partition.newIsr().stream().map(id -> new BrokerState().setBrokerId(id)).toList());
    }
  }
}
