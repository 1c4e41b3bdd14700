package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sim.Requests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AlterReplicaLogDirs and what DescribeLogDirs tells of it (KIP-113). */
class AlterReplicaLogDirsHandlerTest extends BrokerFixture {

  @Override
  List<Path> folders() {
    return List.of(folder.resolve("one"), folder.resolve("two"));
  }

  private static AlterReplicaLogDirsRequestData request(
      String path, String topic, Integer... partitions) {
    AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
    AlterReplicaLogDir dir = new AlterReplicaLogDir().setPath(path);
    dir.topics()
        .add(new AlterReplicaLogDirTopic().setName(topic).setPartitions(List.of(partitions)));
    request.dirs().add(dir);
    return request;
  }

  private static List<Errors> errors(AlterReplicaLogDirsResponseData answer) {
    return answer.results().stream()
        .flatMap(topic -> topic.partitions().stream())
        .map(each -> Errors.forCode(each.errorCode()))
        .toList();
  }

  private List<Errors> alter(int version, String path, String topic, Integer... partitions) {
    return errors(
        (AlterReplicaLogDirsResponseData)
            call(ApiKeys.ALTER_REPLICA_LOG_DIRS, version, request(path, topic, partitions)));
  }

  /** Folders in which a log of partition 0 of {@code t} stands; those of future logs with a +. */
  private List<String> standsIn() {
    DescribeLogDirsResponseData answer =
        (DescribeLogDirsResponseData)
            call(ApiKeys.DESCRIBE_LOG_DIRS, 4, new DescribeLogDirsRequestData().setTopics(null));
    List<String> found = new ArrayList<>();
    for (DescribeLogDirsResult dir : answer.results()) {
      for (DescribeLogDirsTopic topic : dir.topics()) {
        for (DescribeLogDirsPartition log : topic.partitions()) {
          if (topic.name().equals("t") && log.partitionIndex() == 0) {
            found.add((log.isFutureKey() ? "+" : "") + dir.logDir());
          }
        }
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void movesLogWithoutClientsNoticing(int version) {
    produce("t", 0, "a", "b");
    String from = standsIn().get(0);
    String to = folders().get(from.endsWith("one") ? 1 : 0).toString();

    assertThat(alter(version, to, "t", 0)).containsExactly(Errors.NONE);
    sim.runUntil(() -> standsIn().equals(List.of(to)), 60_000);
    produce("t", 0, "c");

    assertThat(values(fetch(Requests.fetch("t", 0, 0, 1, 1_000, 1 << 20))))
        .containsExactly("a", "b", "c");
  }

  @Test
  void refusesAsKafkaDoes() {
    assertThat(alter(2, "/not/there", "t", 0, 1))
        .containsExactly(Errors.LOG_DIR_NOT_FOUND, Errors.LOG_DIR_NOT_FOUND);
    assertThat(alter(2, folders().get(1).toString(), "t", 7))
        .containsExactly(Errors.REPLICA_NOT_AVAILABLE);
    assertThat(alter(2, folders().get(1).toString(), "n".repeat(249), 0))
        .containsExactly(Errors.INVALID_TOPIC_EXCEPTION);
  }

  @Test
  void makesPartitionWhereItWasWanted() {
    String wanted = folders().get(1).toString();
    assertThat(alter(2, wanted, "later", 0, 1, 2))
        .containsOnly(Errors.REPLICA_NOT_AVAILABLE)
        .hasSize(3);

    create("later", 3);

    sim.runFor(100); // folders are made behind the answer
    assertThat(folder.resolve("two").toFile().list()).contains("later-0", "later-1", "later-2");
  }

  @Test
  void asksWhetherTheClusterMayBeAltered() {
    HandlerFixture callers = new HandlerFixture();
    callers.forbid(AclOperation.ALTER, Resource.CLUSTER_NAME);

    AlterReplicaLogDirsResponseData answer =
        callers.call(
            new AlterReplicaLogDirsHandler(broker.partitions(), callers),
            request(folders().get(0).toString(), "t", 0),
            AlterReplicaLogDirsResponseData.class);

    assertThat(errors(answer)).containsExactly(Errors.CLUSTER_AUTHORIZATION_FAILED);
  }
}
