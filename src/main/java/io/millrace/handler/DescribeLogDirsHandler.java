package io.millrace.handler;

import io.millrace.partition.HostedFolder;
import io.millrace.partition.HostedFolder.HostedLog;
import io.millrace.partition.Partitions;
import io.millrace.security.Authorizer;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * DescribeLogDirs (35): the log folders of this broker and the logs in them (KIP-113).
 *
 * <ul>
 *   <li>1: plain encoding. 2: flexible. 3: an error code on top.
 *   <li>4: size of the file systems (KIP-827). 5: whether a folder is cordoned; none ever is.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequestData> {
  private final Partitions partitions;
  private final Authorizer authorizer;

  /** Describes the folders of this broker. */
  public DescribeLogDirsHandler(Partitions partitions, Authorizer authorizer) {
    this.partitions = partitions;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_LOG_DIRS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, DescribeLogDirsRequestData request) {
    DescribeLogDirsResponseData response = new DescribeLogDirsResponseData();
    if (!authorizer.allows(
        context.caller(), AclOperation.DESCRIBE, ResourceType.CLUSTER, Resource.CLUSTER_NAME)) {
      return Future.succeededFuture(
          response.setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));
    }
    Map<String, Set<Integer>> asked = asked(request);
    for (HostedFolder folder : partitions.folders()) {
      response.results().add(result(folder, asked));
    }
    return Future.succeededFuture(response);
  }

  /** The partitions that are asked for by topic, which may stand there twice; null: all. */
  private static @Nullable Map<String, Set<Integer>> asked(DescribeLogDirsRequestData request) {
    if (request.topics() == null) {
      return null;
    }
    Map<String, Set<Integer>> asked = new HashMap<>();
    for (DescribableLogDirTopic topic : request.topics()) {
      asked.computeIfAbsent(topic.topic(), name -> new HashSet<>()).addAll(topic.partitions());
    }
    return asked;
  }

  private static DescribeLogDirsResult result(
      HostedFolder folder, @Nullable Map<String, Set<Integer>> asked) {
    DescribeLogDirsResult result =
        new DescribeLogDirsResult()
            .setLogDir(folder.path().toString())
            .setErrorCode((folder.isOnline() ? Errors.NONE : Errors.KAFKA_STORAGE_ERROR).code());
    if (!folder.isOnline()) {
      return result;
    }
    result.setTotalBytes(folder.totalBytes()).setUsableBytes(folder.usableBytes());
    Map<String, DescribeLogDirsTopic> topics = new HashMap<>();
    for (HostedLog log : folder.logs()) {
      if (isAskedFor(log, asked)) {
        topics
            .computeIfAbsent(log.partition().topic(), name -> topic(result, name))
            .partitions()
            .add(
                new DescribeLogDirsPartition()
                    .setPartitionIndex(log.partition().partition())
                    .setPartitionSize(log.sizeBytes())
                    .setOffsetLag(log.offsetLag())
                    .setIsFutureKey(log.isFuture()));
      }
    }
    return result;
  }

  private static DescribeLogDirsTopic topic(DescribeLogDirsResult result, String name) {
    DescribeLogDirsTopic topic = new DescribeLogDirsTopic().setName(name);
    result.topics().add(topic);
    return topic;
  }

  private static boolean isAskedFor(HostedLog log, @Nullable Map<String, Set<Integer>> asked) {
    return asked == null
        || asked
            .getOrDefault(log.partition().topic(), Set.of())
            .contains(log.partition().partition());
  }
}
