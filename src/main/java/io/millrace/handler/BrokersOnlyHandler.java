package io.millrace.handler;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Requests that brokers make of each other, where a client sends them: each is refused with
 * CLUSTER_AUTHORIZATION_FAILED. ApiVersions does not list them. Stateless.
 *
 * <p>All versions of Envelope (58), AlterPartition (56), BrokerRegistration (62), BrokerHeartbeat
 * (63) and AllocateProducerIds (67).
 */
public final class BrokersOnlyHandler implements ApiHandler<ApiMessage> {
  private static final short ERROR = Errors.CLUSTER_AUTHORIZATION_FAILED.code();

  private static final Set<ApiKeys> APIS =
      Set.of(
          ApiKeys.ENVELOPE,
          ApiKeys.ALTER_PARTITION,
          ApiKeys.BROKER_REGISTRATION,
          ApiKeys.BROKER_HEARTBEAT,
          ApiKeys.ALLOCATE_PRODUCER_IDS);

  private final ApiKeys api;

  private BrokersOnlyHandler(ApiKeys api) {
    this.api = api;
  }

  /** One for each such API. */
  public static List<BrokersOnlyHandler> all() {
    return APIS.stream().sorted().map(BrokersOnlyHandler::new).toList();
  }

  @Override
  public ApiKeys api() {
    return api;
  }

  @Override
  public boolean isAdvertised() {
    return false;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, ApiMessage request) {
    return Future.succeededFuture(
        switch (api) {
          case ENVELOPE -> new EnvelopeResponseData().setErrorCode(ERROR);
          case ALTER_PARTITION -> new AlterPartitionResponseData().setErrorCode(ERROR);
          case BROKER_REGISTRATION -> new BrokerRegistrationResponseData().setErrorCode(ERROR);
          case BROKER_HEARTBEAT -> new BrokerHeartbeatResponseData().setErrorCode(ERROR);
          case ALLOCATE_PRODUCER_IDS -> new AllocateProducerIdsResponseData().setErrorCode(ERROR);
          default -> throw new IllegalStateException(api.name);
        });
  }
}
