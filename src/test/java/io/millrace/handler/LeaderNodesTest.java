package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.BrokerFenced;
import io.millrace.metadata.BrokerRegistered;
import io.millrace.metadata.BrokerUnfenced;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class LeaderNodesTest {
  private static final InetSocketAddress DIALLED =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9292);
  private static final List<Endpoint> ENDPOINTS =
      List.of(
          new Endpoint("PLAINTEXT", "PLAINTEXT", "kafka-2.example", 9093),
          new Endpoint("INSIDE", "PLAINTEXT", "", 0));

  private final ClusterImage image =
      ClusterImage.EMPTY
          .apply(new BrokerRegistered(2, 5, -1, new Uuid(2, 2), ENDPOINTS, "r1"))
          .apply(new BrokerUnfenced(2, 5));

  @Test
  void tellsTheAddressAtTheListenerOfTheClient() {
    assertThat(LeaderNodes.of(image, 2, "PLAINTEXT", DIALLED))
        .isEqualTo(new LeaderNodes.Node(2, "kafka-2.example", 9093, "r1"));
    assertThat(LeaderNodes.of(image, 2, "INSIDE", DIALLED))
        .isEqualTo(new LeaderNodes.Node(2, "127.0.0.1", 9292, "r1"));
  }

  @Test
  void tellsNothingOfALeaderThatNobodyReaches() {
    assertThat(LeaderNodes.of(image, 3, "PLAINTEXT", DIALLED)).isNull();
    assertThat(LeaderNodes.of(image, -1, "PLAINTEXT", DIALLED)).isNull();
    assertThat(LeaderNodes.of(image, 2, "SECURE", DIALLED)).isNull();
    assertThat(LeaderNodes.of(image.apply(new BrokerFenced(2, 5)), 2, "PLAINTEXT", DIALLED))
        .isNull();
  }

  @Test
  void namesTheNodeOfSeveralPartitionsOnce() {
    LeaderNodes.Node node = new LeaderNodes.Node(2, "kafka-2.example", 9093, "r1");
    FetchResponseData fetched = new FetchResponseData();
    ProduceResponseData produced = new ProduceResponseData();

    for (int partition = 0; partition < 2; partition++) {
      node.addTo(fetched);
      node.addTo(produced);
    }

    assertThat(fetched.nodeEndpoints().valuesList())
        .containsExactly(
            new FetchResponseData.NodeEndpoint()
                .setNodeId(2)
                .setHost("kafka-2.example")
                .setPort(9093)
                .setRack("r1"));
    assertThat(produced.nodeEndpoints().valuesList())
        .containsExactly(
            new ProduceResponseData.NodeEndpoint()
                .setNodeId(2)
                .setHost("kafka-2.example")
                .setPort(9093)
                .setRack("r1"));
  }

  @Test
  void isForClientsThatKnowAnotherLeader() {
    assertThat(Arrays.stream(Errors.values()).filter(LeaderNodes::areNamedFor))
        .containsExactly(Errors.NOT_LEADER_OR_FOLLOWER, Errors.FENCED_LEADER_EPOCH);
  }
}
