package io.millrace.cli.command;

import static io.millrace.cli.tool.AdminSession.await;

import io.millrace.cli.tool.AdminSession;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * Where logs begin and end, of the partitions that have a leader: for the others nobody can tell,
 * and the client would ask for a minute. Immutable.
 */
final class LogEnds {
  private static final String UNKNOWN = "unknown";

  private final Map<TopicPartition, ListOffsetsResultInfo> begins;
  private final Map<TopicPartition, ListOffsetsResultInfo> ends;

  private LogEnds(
      Map<TopicPartition, ListOffsetsResultInfo> begins,
      Map<TopicPartition, ListOffsetsResultInfo> ends) {
    this.begins = begins;
    this.ends = ends;
  }

  /** Asks for those of all partitions of some topics. */
  static LogEnds of(AdminSession session, Collection<TopicDescription> topics) {
    List<TopicPartition> led = new ArrayList<>();
    for (TopicDescription topic : topics) {
      topic.partitions().stream()
          .filter(one -> one.leader() != null)
          .forEach(one -> led.add(new TopicPartition(topic.name(), one.partition())));
    }
    return new LogEnds(
        offsets(session, led, OffsetSpec.earliest()), offsets(session, led, OffsetSpec.latest()));
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
      AdminSession session, List<TopicPartition> partitions, OffsetSpec wanted) {
    return await(
        session
            .admin()
            .listOffsets(partitions.stream().collect(Collectors.toMap(one -> one, one -> wanted)))
            .all());
  }

  /** The columns {@code earliest}, {@code latest} and {@code records} of a partition's row. */
  Map<String, Object> columns(TopicPartition partition) {
    ListOffsetsResultInfo begin = begins.get(partition);
    ListOffsetsResultInfo end = ends.get(partition);
    Map<String, Object> columns = new LinkedHashMap<>();
    boolean known = begin != null && end != null;
    columns.put("earliest", known ? begin.offset() : UNKNOWN);
    columns.put("latest", known ? end.offset() : UNKNOWN);
    columns.put("records", known ? end.offset() - begin.offset() : UNKNOWN);
    return columns;
  }
}
