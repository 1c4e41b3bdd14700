package io.millrace.handler;

import io.millrace.cluster.Cluster;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * InitProducerId (22): a producer id for an idempotent producer (KIP-98).
 *
 * <ul>
 *   <li>0, 1: plain encoding. 2: flexible. 3: the id and epoch that the producer had (KIP-360).
 *   <li>4: PRODUCER_FENCED (KIP-588). 5: TRANSACTION_ABORTABLE (KIP-890).
 * </ul>
 *
 * <p>A producer without a transactional id always gets a new id with epoch 0.
 *
 * <p>Not done: transactional ids; there is no transaction coordinator, so they are answered with
 * COORDINATOR_NOT_AVAILABLE.
 *
 * <p>Thread-safe.
 */
public final class InitProducerIdHandler implements ApiHandler<InitProducerIdRequestData> {
  private final Authorizer authorizer;
  private final ProducerIds ids;

  /** Takes blocks of ids from {@code cluster}. */
  public InitProducerIdHandler(Cluster cluster, Authorizer authorizer) {
    this.authorizer = authorizer;
    this.ids = new ProducerIds(cluster);
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.INIT_PRODUCER_ID;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, InitProducerIdRequestData request) {
    Errors refusal = refusal(context, request);
    if (refusal != Errors.NONE) {
      return Future.succeededFuture(refused(refusal));
    }
    return ids.next(context.loop())
        .<ApiMessage>map(
            id -> new InitProducerIdResponseData().setProducerId(id).setProducerEpoch((short) 0))
        .otherwise(fault -> refused(Errors.COORDINATOR_LOAD_IN_PROGRESS));
  }

  private Errors refusal(RequestContext context, InitProducerIdRequestData request) {
    String transactionalId = request.transactionalId();
    if (transactionalId != null) {
      return transactional(context, transactionalId);
    }
    boolean hasId = request.producerId() != RecordBatch.NO_PRODUCER_ID;
    boolean hasEpoch = request.producerEpoch() != RecordBatch.NO_PRODUCER_EPOCH;
    if (!authorizer.allows(
        context.caller(),
        AclOperation.IDEMPOTENT_WRITE,
        ResourceType.CLUSTER,
        Resource.CLUSTER_NAME)) {
      return Errors.CLUSTER_AUTHORIZATION_FAILED;
    }
    return hasId == hasEpoch ? Errors.NONE : Errors.INVALID_REQUEST;
  }

  private Errors transactional(RequestContext context, String id) {
    if (!authorizer.allows(
        context.caller(), AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, id)) {
      return Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }
    return id.isEmpty() ? Errors.INVALID_REQUEST : Errors.COORDINATOR_NOT_AVAILABLE;
  }

  private static InitProducerIdResponseData refused(Errors error) {
    return new InitProducerIdResponseData()
        .setErrorCode(error.code())
        .setProducerId(RecordBatch.NO_PRODUCER_ID)
        .setProducerEpoch(RecordBatch.NO_PRODUCER_EPOCH);
  }
}
