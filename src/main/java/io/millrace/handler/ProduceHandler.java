package io.millrace.handler;

import io.millrace.partition.Partitions;
import io.millrace.quota.Quotas;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Produce (0): appends one batch to each of several partitions.
 *
 * <ul>
 *   <li>0-2: refused with UNSUPPORTED_VERSION before they come here.
 *   <li>3: transactional id; batches of format v2 only (KIP-98).
 *   <li>5: log start offset in the answer.
 *   <li>7: Zstandard (KIP-110).
 *   <li>8: record errors and a message in the answer (KIP-467).
 *   <li>9: flexible. 10: the current leader in the answer (KIP-951).
 *   <li>11, 12: transactions of version 2 (KIP-890).
 *   <li>13: topic ids (KIP-516).
 * </ul>
 *
 * <p>Checks run here, appends on the shards of the partitions. With {@code acks=0} there is no
 * answer, and an error closes the connection, as the client has no other way to learn of it.
 *
 * <p>A partition that is named twice takes both batches in their order and is answered in both
 * places; Kafka takes the last one alone and tells the client nothing of the other.
 *
 * <p>Not done: transactional batches are refused with INVALID_TXN_STATE.
 *
 * <p>Thread-safe.
 */
public final class ProduceHandler implements ApiHandler<ProduceRequestData> {
  private final ProduceDoor door;

  /** Appends to the partitions of this broker. */
  public ProduceHandler(Partitions partitions, Authorizer authorizer, Quotas quotas) {
    this.door = new ProduceDoor(partitions, authorizer, quotas);
  }

  /** What every produce request needs. */
  record ProduceDoor(Partitions partitions, Authorizer authorizer, Quotas quotas) {}

  @Override
  public ApiKeys api() {
    return ApiKeys.PRODUCE;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, ProduceRequestData request) {
    return new ProduceRun(door, context, request).start();
  }
}
