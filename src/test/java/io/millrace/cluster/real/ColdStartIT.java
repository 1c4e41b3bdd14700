package io.millrace.cluster.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.cluster.ClusterNode;
import io.millrace.testkit.cluster.ClusterProcess;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Brokers that start at the same moment over empty folders found one cluster, time after time. More
 * often with {@code -Dit.starts=20}.
 */
@Tag("it")
class ColdStartIT {
  private static final int STARTS = Integer.getInteger("it.starts", 2);

  @TempDir Path folder;

  @Test
  void threeThatStartAtOnceFoundOneCluster() throws Exception {
    for (int i = 0; i < STARTS; i++) {
      try (ClusterProcess cluster =
          ClusterProcess.onLoopback(folder.resolve("start-" + i), Map.of()).start()) {
        Set<String> clusterIds = new HashSet<>();
        for (ClusterNode node : cluster.nodes()) {
          clusterIds.add(clusterId(node));
        }
        assertThat(clusterIds).as("cluster ids of start %d", i).hasSize(1);
      }
    }
  }

  private static String clusterId(ClusterNode node) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.address()))) {
      return admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS);
    }
  }
}
