package io.millrace.handler;

import io.millrace.model.TopicPartition;
import io.millrace.partition.Partitions;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * AlterReplicaLogDirs (34): moves logs between the folders of this broker (KIP-113). It answers
 * when the moves are on their way; DescribeLogDirs tells how far they are.
 *
 * <ul>
 *   <li>1: plain encoding. 2: flexible.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class AlterReplicaLogDirsHandler
    implements ApiHandler<AlterReplicaLogDirsRequestData> {
  private final Partitions partitions;
  private final Authorizer authorizer;

  /** Moves the logs of this broker. */
  public AlterReplicaLogDirsHandler(Partitions partitions, Authorizer authorizer) {
    this.partitions = partitions;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ALTER_REPLICA_LOG_DIRS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, AlterReplicaLogDirsRequestData request) {
    Map<TopicPartition, String> folders = new LinkedHashMap<>();
    for (AlterReplicaLogDir dir : request.dirs()) {
      for (AlterReplicaLogDirTopic topic : dir.topics()) {
        topic
            .partitions()
            .forEach(number -> folders.put(new TopicPartition(topic.name(), number), dir.path()));
      }
    }
    boolean allowed =
        authorizer.allows(
            context.caller(), AclOperation.ALTER, ResourceType.CLUSTER, Resource.CLUSTER_NAME);
    Map<TopicPartition, Future<Errors>> answers = new LinkedHashMap<>();
    folders.forEach(
        (partition, folder) ->
            answers.put(
                partition,
                allowed
                    ? partitions.moveLog(context.loop(), partition, folder)
                    : Future.succeededFuture(Errors.CLUSTER_AUTHORIZATION_FAILED)));
    List<Future<?>> all = new ArrayList<>(answers.values());
    return Future.join(all).map(done -> response(answers));
  }

  private static ApiMessage response(Map<TopicPartition, Future<Errors>> answers) {
    Map<String, AlterReplicaLogDirTopicResult> topics = new LinkedHashMap<>();
    answers.forEach(
        (partition, answer) ->
            topics
                .computeIfAbsent(
                    partition.topic(),
                    name -> new AlterReplicaLogDirTopicResult().setTopicName(name))
                .partitions()
                .add(
                    new AlterReplicaLogDirPartitionResult()
                        .setPartitionIndex(partition.partition())
                        .setErrorCode(answer.result().code())));
    return new AlterReplicaLogDirsResponseData().setResults(new ArrayList<>(topics.values()));
  }
}
