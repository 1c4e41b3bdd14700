package io.millrace.cli.tool;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.NodeApiVersions;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.internals.InternalDescribeFeaturesResult;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;

/** Asks brokers which requests they answer, and in which versions. Stateless. */
public final class BrokerApis {
  private BrokerApis() {}

  /** The brokers of the cluster, by number. */
  public static List<Node> brokers(AdminSession session) {
    Collection<Node> nodes = AdminSession.await(session.admin().describeCluster().nodes());
    return nodes.stream().sorted(Comparator.comparingInt(Node::id)).toList();
  }

  /**
   * Asks all of some brokers at once.
   *
   * @param answered called for each in turn that answers
   * @param failed called for each in turn that does not
   */
  public static void ask(
      AdminSession session,
      Collection<Node> brokers,
      BiConsumer<Node, NodeApiVersions> answered,
      BiConsumer<Node, KafkaException> failed) {
    Map<Node, KafkaFuture<NodeApiVersions>> answers =
        new TreeMap<>(Comparator.comparingInt(Node::id));
    for (Node broker : brokers) {
      // The public result has the features only; this is what Kafka's own tool reads.
      InternalDescribeFeaturesResult result =
          (InternalDescribeFeaturesResult)
              session.admin().describeFeatures(new DescribeFeaturesOptions().nodeId(broker.id()));
      answers.put(broker, result.nodeApiVersions());
    }
    answers.forEach(
        (broker, answer) -> {
          try {
            answered.accept(broker, AdminSession.await(answer));
          } catch (KafkaException e) {
            failed.accept(broker, e);
          }
        });
  }
}
