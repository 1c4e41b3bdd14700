package io.millrace.testkit.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A cluster under load while something befalls it.
 *
 * <p>Confined to: the test's thread.
 */
public final class Trial {
  private static final Duration HOLD = Duration.ofSeconds(8);
  private static final Duration DOWN = Duration.ofSeconds(3);

  /** Broker whose folder lies on a small disk, where there is one. */
  static final int SMALL_DISK_NODE = 2;

  private final ClusterProcess cluster;
  private final @Nullable PrivateNetwork network;
  private final Load load;

  Trial(ClusterProcess cluster, @Nullable PrivateNetwork network, Load load) {
    this.cluster = cluster;
    this.network = network;
    this.load = load;
  }

  ClusterProcess cluster() {
    return cluster;
  }

  Load load() {
    return load;
  }

  PrivateNetwork network() {
    return Objects.requireNonNull(network, "this fault needs a private network");
  }

  /** The broker that leads the first partition. */
  ClusterNode leader() {
    return cluster.node(cluster.leader(new TopicPartition(load.topic(), 0)));
  }

  /** A broker that follows in the first partition. */
  ClusterNode follower() {
    return cluster.node((leader().id() + 1) % cluster.nodes().size());
  }

  ClusterNode coordinator() {
    return cluster.node(cluster.coordinator(load.group()));
  }

  ClusterNode controller() {
    return cluster.node(cluster.controller());
  }

  /** Lets it last: longer than leases and the limits of what is silent. */
  void hold() {
    pause(HOLD);
  }

  private static void pause(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    for (long now = System.nanoTime(); now < until; now = System.nanoTime()) {
      LockSupport.parkNanos(until - now);
    }
  }

  void killAndRestart(ClusterNode node) {
    node.kill();
    pause(DOWN);
    node.start();
    cluster.awaitFormed();
  }

  void rollingRestart() {
    for (ClusterNode node : cluster.nodes()) {
      node.stop();
      node.start();
      cluster.awaitFormed();
      cluster.awaitFullIsr(List.of(load.topic()));
      load.awaitProgress();
    }
  }

  void freeze(ClusterNode node) {
    node.signal("STOP");
    hold();
    node.signal("CONT");
  }

  void cut(ClusterNode from, ClusterNode to) {
    network().cut(from.id(), to.id());
    hold();
    network().mend(from.id(), to.id());
  }

  void unplug(ClusterNode node) {
    network().unplug(node.id());
    hold();
    network().plugIn(node.id());
  }

  /** Fills the small disk to the last byte, and takes the filler away again. */
  void fillDisk() {
    Path filler = cluster.node(SMALL_DISK_NODE).home().resolve("filler");
    try {
      try (OutputStream out = Files.newOutputStream(filler)) {
        byte[] block = new byte[64 * 1024];
        while (Files.getFileStore(filler).getUsableSpace() > 0) {
          out.write(block);
        }
      } catch (IOException full) {
        // As is wanted: the last block did not fit.
        hold();
      }
      Files.deleteIfExists(filler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ClusterNode node = cluster.node(SMALL_DISK_NODE);
    if (!node.isRunning()) {
      node.start();
    }
    cluster.awaitFormed();
  }
}
