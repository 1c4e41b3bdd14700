package io.millrace.coordinator;

import io.millrace.coordinator.group.GroupRecord;
import io.millrace.coordinator.group.GroupShard;
import io.millrace.coordinator.runtime.CoordinatorException;
import io.millrace.coordinator.runtime.ShardHosts;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;

/** DescribeGroups, ListGroups and DeleteGroups before they reach the shards. Thread-safe. */
final class GroupsDoor {
  private static final short DESCRIBE_VERSION_NOT_FOUND = 6;
  private static final String DEAD = "Dead";

  /** What can be done to a group (KIP-430). */
  private static final List<AclOperation> GROUP_OPERATIONS =
      List.of(
          AclOperation.READ,
          AclOperation.DELETE,
          AclOperation.DESCRIBE,
          AclOperation.DESCRIBE_CONFIGS,
          AclOperation.ALTER_CONFIGS);

  private final ShardHosts<GroupShard, GroupRecord> hosts;
  private final Access access;
  private final GroupCoordinator door;

  GroupsDoor(ShardHosts<GroupShard, GroupRecord> hosts, Access access, GroupCoordinator door) {
    this.hosts = hosts;
    this.access = access;
    this.door = door;
  }

  Future<DescribeGroupsResponseData> describe(
      CoordinatorCall call, DescribeGroupsRequestData request) {
    List<Future<DescribedGroup>> groups =
        request.groups().stream()
            .map(id -> describe(call, id, request.includeAuthorizedOperations()))
            .toList();
    return Future.all(groups)
        .map(all -> new DescribeGroupsResponseData().setGroups(new ArrayList<>(all.list())));
  }

  private Future<DescribedGroup> describe(
      CoordinatorCall call, String groupId, boolean withOperations) {
    if (!access.toGroup(call, AclOperation.DESCRIBE, groupId)) {
      return Future.succeededFuture(notDescribed(groupId, Errors.GROUP_AUTHORIZATION_FAILED));
    }
    return door.<DescribedGroup>run(
            call.loop(),
            groupId,
            (shard, reply) -> shard.describe(groupId, reply),
            error -> notDescribed(groupId, error))
        .map(described -> described == null ? notFound(call, groupId) : described)
        .map(
            described ->
                withOperations && described.errorCode() == Errors.NONE.code()
                    ? described.setAuthorizedOperations(operations(call, groupId))
                    : described);
  }

  /** Before version 6 a group that is not there is described as dead. */
  private static DescribedGroup notFound(CoordinatorCall call, String groupId) {
    DescribedGroup dead = new DescribedGroup().setGroupId(groupId).setGroupState(DEAD);
    return call.version() < DESCRIBE_VERSION_NOT_FOUND
        ? dead
        : dead.setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
            .setErrorMessage("Group " + groupId + " not found.");
  }

  private static DescribedGroup notDescribed(String groupId, Errors error) {
    return new DescribedGroup().setGroupId(groupId).setErrorCode(error.code());
  }

  private int operations(CoordinatorCall call, String groupId) {
    Set<Byte> codes =
        GROUP_OPERATIONS.stream()
            .filter(operation -> access.toGroup(call, operation, groupId))
            .map(AclOperation::code)
            .collect(Collectors.toSet());
    return Utils.to32BitField(codes);
  }

  Future<ListGroupsResponseData> list(CoordinatorCall call, ListGroupsRequestData request) {
    List<Future<List<ListedGroup>>> shards =
        hosts.partitions().stream().map(partition -> list(call, partition)).toList();
    Set<String> states = lowerCase(request.statesFilter());
    Set<String> types = lowerCase(request.typesFilter());
    boolean everything = access.toCluster(call, AclOperation.DESCRIBE);
    return Future.all(shards)
        .map(
            all -> {
              List<ListedGroup> groups = new ArrayList<>();
              for (List<ListedGroup> some : all.<List<ListedGroup>>list()) {
                some.stream()
                    .filter(g -> passes(states, g.groupState()) && passes(types, g.groupType()))
                    .filter(
                        g -> everything || access.toGroup(call, AclOperation.DESCRIBE, g.groupId()))
                    .forEach(groups::add);
              }
              return new ListGroupsResponseData().setGroups(groups);
            })
        .otherwise(
            failure ->
                new ListGroupsResponseData()
                    .setErrorCode(CoordinatorException.errorOf(failure).code()));
  }

  private Future<List<ListedGroup>> list(CoordinatorCall call, int partition) {
    return hosts
        .<List<ListedGroup>>run(call.loop(), partition, (shard, reply) -> shard.list(reply))
        .recover(
            failure ->
                CoordinatorException.errorOf(failure) == Errors.NOT_COORDINATOR
                    // It moved away meanwhile: its groups are another broker's to list.
                    ? Future.succeededFuture(List.of())
                    : Future.failedFuture(failure));
  }

  private static Set<String> lowerCase(List<String> filter) {
    return filter.stream().map(f -> f.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  private static boolean passes(Set<String> filter, String value) {
    return filter.isEmpty() || filter.contains(value.toLowerCase(Locale.ROOT));
  }

  Future<DeleteGroupsResponseData> delete(CoordinatorCall call, DeleteGroupsRequestData request) {
    List<String> names = request.groupsNames().stream().distinct().toList();
    List<Future<Errors>> results = names.stream().map(name -> delete(call, name)).toList();
    return Future.all(results)
        .map(
            all -> {
              DeletableGroupResultCollection collection = new DeletableGroupResultCollection();
              for (int i = 0; i < names.size(); i++) {
                collection.add(
                    new DeletableGroupResult()
                        .setGroupId(names.get(i))
                        .setErrorCode(all.<Errors>list().get(i).code()));
              }
              return new DeleteGroupsResponseData().setResults(collection);
            });
  }

  private Future<Errors> delete(CoordinatorCall call, String groupId) {
    return access.toGroup(call, AclOperation.DELETE, groupId)
        ? door.run(
            call.loop(), groupId, (shard, reply) -> shard.delete(groupId, reply), error -> error)
        : Future.succeededFuture(Errors.GROUP_AUTHORIZATION_FAILED);
  }
}
