package io.millrace.handler;

import io.millrace.partition.Partition;
import io.millrace.partition.Partitions;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * DescribeProducers (61): the idempotent and transactional producers that partitions remember
 * (KIP-664). Version 0.
 *
 * <p>Thread-safe.
 */
public final class DescribeProducersHandler implements ApiHandler<DescribeProducersRequestData> {
  private final Partitions partitions;
  private final Authorizer authorizer;

  /** Looks into the partitions of this broker. */
  public DescribeProducersHandler(Partitions partitions, Authorizer authorizer) {
    this.partitions = partitions;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_PRODUCERS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, DescribeProducersRequestData request) {
    DescribeProducersResponseData response = new DescribeProducersResponseData();
    List<Future<List<ProducerState>>> lookups = new ArrayList<>();
    for (TopicRequest topic : request.topics()) {
      TopicResponse answer = new TopicResponse().setName(topic.name());
      response.topics().add(answer);
      boolean allowed =
          authorizer.allows(context.caller(), AclOperation.READ, ResourceType.TOPIC, topic.name());
      for (int number : topic.partitionIndexes()) {
        PartitionResponse part = new PartitionResponse().setPartitionIndex(number);
        answer.partitions().add(part);
        Partition partition = partitions.get(topic.name(), number);
        Errors refusal =
            !allowed
                ? Errors.TOPIC_AUTHORIZATION_FAILED
                : partition == null
                    ? partitions.absence(topic.name(), number)
                    : partition.checkLeader(-1);
        part.setErrorCode(refusal.code());
        if (refusal == Errors.NONE && partition != null) {
          lookups.add(
              partition
                  .producers(context.loop())
                  .onSuccess(part::setActiveProducers)
                  .onFailure(fault -> part.setErrorCode(Errors.forException(fault).code())));
        }
      }
    }
    return Future.join(lookups).transform(done -> Future.succeededFuture(response));
  }
}
