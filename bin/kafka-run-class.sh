#!/usr/bin/env bash
# Runs a class: one of Kafka's own is the command of Millrace that stands for it, any other is run on
# Millrace's class path and CLASSPATH.
set -euo pipefail
usage="USAGE: $0 [-daemon] [-name servicename] [-loggc] classname [opts]"
self=${BASH_SOURCE[0]}
[ ! -L "$self" ] || self=$(readlink -f "$self")
case $self in */*) bin=${self%/*} ;; *) bin=. ;; esac

words=
name=kafkaServer
while [ $# -gt 0 ]; do
  case $1 in
    -name) name=${2:?"$usage"}; words="$words -name $name"; shift ;;
    -loggc | -daemon) words="$words $1" ;;
    *) break ;;
  esac
  shift
done
if [ $# -lt 1 ]; then
  echo "$usage"
  exit 1
fi
class=$1
shift

command=
case $class in
  kafka.Kafka | kafka.KafkaRaftServer | io.millrace.cli.Kafka) export EXTRA_ARGS=$words; command=kafka-server-start ;;
  *.TopicCommand) command=kafka-topics ;;
  *.CreateTopicCommand) command=kafka-create-topic ;;
  *.ConfigCommand) command=kafka-configs ;;
  *.ConsoleProducer) command=kafka-console-producer ;;
  *.ConsoleConsumer) command=kafka-console-consumer ;;
  *.ConsumerGroupCommand) command=kafka-consumer-groups ;;
  *.GroupsCommand) command=kafka-groups ;;
  *.VerifiableProducer) command=kafka-verifiable-producer ;;
  *.VerifiableConsumer) command=kafka-verifiable-consumer ;;
  *.DeleteRecordsCommand) command=kafka-delete-records ;;
  *.BrokerApiVersionsCommand) command=kafka-broker-api-versions ;;
  *.ClusterTool) command=kafka-cluster ;;
  *.GetOffsetShell) command=kafka-get-offsets ;;
  *.LogDirsCommand) command=kafka-log-dirs ;;
  *.ReassignPartitionsCommand) command=kafka-reassign-partitions ;;
  *.LeaderElectionCommand) command=kafka-leader-election ;;
  *.MetadataQuorumCommand) command=kafka-metadata-quorum ;;
  *.DumpLogSegments) command=kafka-dump-log ;;
  *.ProducerPerformance) command=kafka-producer-perf-test ;;
  *.ConsumerPerformance) command=kafka-consumer-perf-test ;;
  *.StorageTool) command=kafka-storage ;;
  *.QuorumPeerMain) command=zookeeper-server-start ;;
  org.apache.zookeeper.ZooKeeperMain*) command=zookeeper-shell ;;
esac
case $class in
  kafka.* | org.apache.kafka.* | org.apache.zookeeper.* | io.millrace.*) ;;
  *) command= ;;
esac

if [ -n "$command" ]; then
  set -- "$command" "$@"
else
  set -- class "$class" "$@"
fi
case $words in
  *-daemon*)
    # Kafka's way for what says of itself when it is ready.
    if [ "$command" != kafka-server-start ]; then
      logs=${LOG_DIR:-$bin/../logs}
      mkdir -p "$logs"
      nohup "$bin/millrace" "$@" >"$logs/$name.out" 2>&1 </dev/null &
      exit 0
    fi
    ;;
esac
exec "$bin/millrace" "$@"
