package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.BrokerRegistered;
import io.millrace.metadata.BrokerStart;
import io.millrace.metadata.BrokerUnfenced;
import io.millrace.metadata.ClusterFounded;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ControllerActivated;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionChanged;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a broker that is alone begins: it founds the cluster if nobody has, registers, and is
 * controller.
 */
public final class BrokerAdmission {
  private BrokerAdmission() {}

  /**
   * A broker's process that wants in.
   *
   * @param id broker id
   * @param incarnation random id of the process
   * @param endpoints its listeners
   * @param rack its rack, or null
   * @param trusted whether its data is all that readers ever saw of it
   * @param previousEpoch epoch of the registration that its folder holds; -1 for none
   * @param folder id of its first log folder
   * @param version version of its software
   */
  public record Applicant(
      int id,
      Uuid incarnation,
      List<Endpoint> endpoints,
      @Nullable String rack,
      boolean trusted,
      long previousEpoch,
      Uuid folder,
      String version) {}

  /**
   * The facts with which a broker that is alone begins a term. Its log folders may be whole again.
   *
   * @param newClusterId id for the cluster in case it is not founded
   */
  static List<Fact> alone(
      EffectiveConfigs configs, ClusterImage image, Applicant applicant, String newClusterId) {
    List<Fact> facts = new ArrayList<>();
    if (image.clusterId().isEmpty()) {
      facts.add(new ClusterFounded(newClusterId));
    }
    BrokerImage before = image.broker(applicant.id());
    long epoch = image.lastBrokerEpoch() + 1;
    facts.add(
        new BrokerRegistered(
            applicant.id(),
            epoch,
            before == null ? -1 : before.epoch(),
            applicant.incarnation(),
            applicant.endpoints(),
            applicant.rack(),
            new BrokerStart(applicant.version(), applicant.folder(), applicant.trusted())));
    facts.add(new BrokerUnfenced(applicant.id(), epoch));
    facts.add(new ControllerActivated(applicant.id(), epoch));
    facts.addAll(new BrokerSweep(configs, after(image, facts)).whole(applicant.id()));
    if (!applicant.trusted()) {
      raiseLeaderEpochs(image, applicant.id(), epoch, facts);
    }
    return facts;
  }

  private static ClusterImage after(ClusterImage image, List<Fact> facts) {
    ClusterImage next = image;
    for (Fact fact : facts) {
      next = next.apply(fact);
    }
    return next;
  }

  private static void raiseLeaderEpochs(
      ClusterImage image, int brokerId, long brokerEpoch, List<Fact> facts) {
    for (TopicImage topic : image.topics().values()) {
      int number = 0;
      for (PartitionImage partition : topic.partitions()) {
        if (partition.leader() == brokerId && partition.isr().equals(List.of(brokerId))) {
          facts.add(
              new PartitionChanged(
                  topic.id(),
                  number,
                  partition.partitionEpoch(),
                  List.of(brokerEpoch),
                  new PartitionImage(
                      partition.replicas(),
                      partition.isr(),
                      brokerId,
                      partition.leaderEpoch() + 1,
                      partition.partitionEpoch() + 1)));
        }
        number++;
      }
    }
  }
}
