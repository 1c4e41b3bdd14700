package io.millrace.sim.cluster;

import io.millrace.sim.cluster.Mutant.Mutation;
import java.util.List;

/** Rules of the cluster, each with the change that breaks it. Stateless. */
final class Mutations {
  private Mutations() {}

  static final List<Mutation> ALL =
      List.of(
          new Mutation(
              "the high watermark waits for every replica in sync",
              "partition/ReplicaState.java",
              "isr.contains(entry.getKey()) || wanted.contains(entry.getKey())",
              "entry.getKey() == self"),
          new Mutation(
              "a change of the ISR under way counts as the union of both",
              "partition/ReplicaState.java",
              "isr.contains(entry.getKey()) || wanted.contains(entry.getKey())",
              "isr.contains(entry.getKey()) && wanted.contains(entry.getKey())"),
          new Mutation(
              "below the minimum ISR the high watermark stands still",
              "partition/ReplicaState.java",
              "private List<Effect> advance() {\n    if (!hasEnoughInSync()) {",
              "private List<Effect> advance() {\n    if (isr.isEmpty()) {"),
          new Mutation(
              "who joins the ISR has the high watermark",
              "partition/ReplicaState.java",
              "&& follower.end >= highWatermark\n        && follower.end >= epochStartOffset",
              "&& follower.end >= 0"),
          new Mutation(
              "a log that parted from the leader's is truncated",
              "partition/LeaderRole.java",
              "end.leaderEpoch() < fetch.lastFetchedEpoch() || end.endOffset() < fetch.offset()",
              "end.endOffset() < 0"),
          new Mutation(
              "a follower truncates where the epochs part, not to its high watermark",
              "partition/FollowerSteps.java",
              "stored().truncateTo(cut(divergingEpoch, divergingEnd))",
              "stored().truncateTo(log().highWatermark())"),
          new Mutation(
              "acks=all is answered when the high watermark is behind the records",
              "partition/LocalReplica.java",
              "    } else if (log.highWatermark() > append.lastOffset()) {\n"
                  + "      answer.complete(outcome(append, committedResult()));",
              "    } else if (log.highWatermark() >= 0) {\n"
                  + "      answer.complete(outcome(append, committedResult()));"),
          new Mutation(
              "steps of followers and readers are for the leader epoch that they name",
              "partition/LocalReplica.java",
              "if (leaderEpoch >= 0 && leaderEpoch != leadership.leaderEpoch()) {",
              "if (leaderEpoch < -1) {"),
          new Mutation(
              "a follower's step is for its leader epoch, and for one who follows",
              "partition/LocalReplica.java",
              "    if (leaderEpoch != leadership.leaderEpoch()) {\n"
                  + "      return leaderEpoch < leadership.leaderEpoch()\n"
                  + "          ? Errors.FENCED_LEADER_EPOCH\n"
                  + "          : Errors.UNKNOWN_LEADER_EPOCH;\n"
                  + "    }\n"
                  + "    return leader != null || stored.isTruncating()"
                  + " ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.NONE;",
              "    return Errors.NONE;"),
          new Mutation(
              "a process leads under its own registration only",
              "partition/Leadership.java",
              "self.incarnation().equals(incarnation)",
              "incarnation != null"),
          new Mutation(
              "a leader comes from the ISR",
              "cluster/controller/PartitionEdit.java",
              "return isr.contains(broker) && mayLead(broker);",
              "if (mayLead(broker)) {\n      isr = with(isr, broker);\n    }\n"
                  + "    return mayLead(broker);"),
          new Mutation(
              "a fenced broker does not join the ISR",
              "cluster/controller/IsrAlteration.java",
              "image.mayLead(member.brokerId())",
              "member.brokerId() >= 0"),
          new Mutation(
              "who joins the ISR is named with the epoch of its registration",
              "cluster/controller/IsrAlteration.java",
              "(member.brokerEpoch() == -1 || member.brokerEpoch() == broker.epoch())",
              "member.brokerEpoch() >= -1"),
          new Mutation(
              "an ISR is changed on the partition epoch that it was decided on",
              "cluster/controller/IsrAlteration.java",
              "if (wish.partitionEpoch() < now.partitionEpoch()) {",
              "if (wish.partitionEpoch() < 0) {"),
          new Mutation(
              "a registration after an unclean start is not trusted",
              "cluster/controller/Registration.java",
              "request.previousBrokerEpoch() == before.epoch()",
              "request.previousBrokerEpoch() >= -1"),
          new Mutation(
              "a request is decided once",
              "cluster/DecisionPipeline.java",
              "if (first != null) {",
              "if (first != null && first.atMs() < 0) {"),
          new Mutation(
              "an answer rests on what is committed",
              "cluster/DecisionPipeline.java",
              "return decide(decider, this::afterAllSubmitted);",
              "return decideAtOnce(decider);"),
          new Mutation(
              "an entry counts in the term that it was decided in, and in its order",
              "metadata/ClusterImage.java",
              "    Preconditions.require(\n"
                  + "        entry.term() == logTerm, \"decided in term %d, logged in term %d\","
                  + " entry.term(), logTerm);\n"
                  + "    long expected = logTerm == term ? nextSequence : 0;\n",
              "    long expected = entry.sequence();\n"),
          new Mutation(
              "logs are set aside on an image that knows of this process only",
              "app/StraySweep.java",
              "swept || !cluster.isOwnRegistration(change.now())",
              "swept"),
          new Mutation(
              "a repeated batch is not appended again",
              "storage/log/AppendPlan.java",
              "          if (known != null) {\n            return duplicateOf(known, batch);\n"
                  + "          }\n        }\n        producers.check(batch, origin, nowMs);",
              "        }"),
          new Mutation(
              "a commit of an old generation is refused",
              "coordinator/group/OffsetSteps.java",
              "if (generation != group.generation()) {\n      return Errors.ILLEGAL_GENERATION;",
              "if (generation < -1) {\n      return Errors.ILLEGAL_GENERATION;"),
          new Mutation(
              "a commit of a member that was put out is refused",
              "coordinator/group/OffsetSteps.java",
              "    if (error != Errors.NONE) {\n      return error;\n    }\n"
                  + "    if (generation != group.generation()) {",
              "    if (error != Errors.NONE) {\n      return Errors.NONE;\n    }\n"
                  + "    if (generation != group.generation()) {"),
          new Mutation(
              "a generation goes on after a failover",
              "coordinator/group/Group.java",
              "generation = stored.generation();",
              "generation = live ? stored.generation() : 0;"),
          new Mutation(
              "a coordinator answers when its records are committed",
              "coordinator/runtime/ShardHost.java",
              "          parked.park(result.answers());",
              "          parked.park(result.answers());\n"
                  + "          parked.committed(Long.MAX_VALUE);"),
          new Mutation(
              "a browser stops when its session may be over",
              "push/member/Standing.java",
              "return isInGeneration() && !heartbeats.isLeaseOver(nowMs);",
              "return isInGeneration();"));
}
