package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.BrokerRegistered;
import io.millrace.metadata.BrokerStart;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.EffectiveConfigs;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.Fact;
import io.millrace.metadata.MetadataFormat;
import io.millrace.metadata.PartitionChanged;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Feature;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Decides BrokerRegistration. A new process of a broker replaces the old one and takes over nothing
 * but its place: in the same entry the old one's leaderships move on, and it leaves each ISR that
 * has another member. A process that may have lost what its predecessor had acknowledged leaves
 * every ISR (KIP-966).
 */
final class Registration {
  /** The software's version travels as a feature of this name and the version behind it. */
  static final String VERSION_FEATURE = "millrace.software.";

  /** Name of the feature whose range is that of the formats which a broker understands. */
  static final String FORMAT_FEATURE = "millrace.metadata.format";

  private final EffectiveConfigs configs;

  Registration(EffectiveConfigs configs) {
    this.configs = configs;
  }

  /**
   * Decides.
   *
   * @param holderLives whether the process that holds the id is known to run, or may still run
   */
  Decision<BrokerRegistrationResponseData> decide(
      ClusterImage image, BrokerRegistrationRequestData request, boolean holderLives) {
    if (!request.clusterId().equals(image.clusterId())) {
      return refused(Errors.INCONSISTENT_CLUSTER_ID);
    }
    if (request.brokerId() < 0) {
      return refused(Errors.INVALID_REGISTRATION);
    }
    if (!understands(request, MetadataFormat.NEWEST)) {
      return refused(Errors.UNSUPPORTED_VERSION);
    }
    BrokerImage before = image.broker(request.brokerId());
    if (before != null
        && before.incarnation().equals(request.incarnationId())
        && !before.fenced()) {
      return Decision.only(new BrokerRegistrationResponseData().setBrokerEpoch(before.epoch()));
    }
    if (before != null && holderLives && !isSameBroker(before, request)) {
      return refused(Errors.DUPLICATE_BROKER_REGISTRATION);
    }
    long epoch = image.lastBrokerEpoch() + 1;
    return new Decision<>(
        facts(image, request, epoch), new BrokerRegistrationResponseData().setBrokerEpoch(epoch));
  }

  private static Decision<BrokerRegistrationResponseData> refused(Errors error) {
    return Decision.only(new BrokerRegistrationResponseData().setErrorCode(error.code()));
  }

  /** The same process, or one that holds the lock of the same log folder. */
  static boolean isSameBroker(BrokerImage before, BrokerRegistrationRequestData request) {
    Uuid folder = before.start().folder();
    return before.incarnation().equals(request.incarnationId())
        || (!folder.equals(Uuid.ZERO_UUID) && request.logDirs().contains(folder));
  }

  List<Fact> facts(ClusterImage image, BrokerRegistrationRequestData request, long epoch) {
    BrokerImage before = image.broker(request.brokerId());
    boolean trusted =
        before == null
            || before.incarnation().equals(request.incarnationId())
            || request.previousBrokerEpoch() == before.epoch();
    BrokerRegistered registered =
        new BrokerRegistered(
            request.brokerId(),
            epoch,
            before == null ? -1 : before.epoch(),
            request.incarnationId(),
            endpoints(request),
            request.rack(),
            new BrokerStart(version(request), folder(request), trusted));
    BrokerSweep sweep = new BrokerSweep(configs, image.apply(registered));
    // An id that is in no registration, but in an ISR, was taken out of the cluster.
    List<Fact> partitions =
        trusted && before != null
            ? sweep.restarted(request.brokerId())
            : sweep.distrusted(request.brokerId());
    return inOrder(registered, partitions);
  }

  /**
   * When they take several entries and the last ones are lost: the process that registers must have
   * left each ISR before it has its place. Where it stays a member it does so by its new epoch.
   */
  private static List<Fact> inOrder(BrokerRegistered registered, List<Fact> partitions) {
    List<Fact> before = new ArrayList<>();
    List<Fact> behind = new ArrayList<>();
    for (Fact fact : partitions) {
      boolean stays =
          fact instanceof PartitionChanged change && change.next().isr().contains(registered.id());
      (stays ? behind : before).add(fact);
    }
    before.add(registered);
    before.addAll(behind);
    return before;
  }

  private static List<Endpoint> endpoints(BrokerRegistrationRequestData request) {
    return request.listeners().stream()
        .map(
            listener ->
                new Endpoint(
                    listener.name(),
                    SecurityProtocol.forId(listener.securityProtocol()).name,
                    listener.host(),
                    listener.port()))
        .toList();
  }

  private static Uuid folder(BrokerRegistrationRequestData request) {
    return request.logDirs().isEmpty() ? Uuid.ZERO_UUID : request.logDirs().get(0);
  }

  /** Whether a broker reads that format of the metadata; who says nothing reads the first. */
  private static boolean understands(BrokerRegistrationRequestData request, short format) {
    return request.features().stream()
        .filter(feature -> feature.name().equals(FORMAT_FEATURE))
        .findFirst()
        .map(
            range -> range.minSupportedVersion() <= format && format <= range.maxSupportedVersion())
        .orElse(format == 1);
  }

  private static String version(BrokerRegistrationRequestData request) {
    return request.features().stream()
        .map(Feature::name)
        .filter(name -> name.startsWith(VERSION_FEATURE))
        .map(name -> name.substring(VERSION_FEATURE.length()))
        .findFirst()
        .orElse("");
  }

  /** The request with which a broker registers. */
  static BrokerRegistrationRequestData request(
      String clusterId, BrokerAdmission.Applicant applicant) {
    BrokerRegistrationRequestData request =
        new BrokerRegistrationRequestData()
            .setBrokerId(applicant.id())
            .setClusterId(clusterId)
            .setIncarnationId(applicant.incarnation())
            .setRack(applicant.rack())
            .setPreviousBrokerEpoch(applicant.trusted() ? applicant.previousEpoch() : -1);
    if (!applicant.folder().equals(Uuid.ZERO_UUID)) {
      request.setLogDirs(List.of(applicant.folder()));
    }
    request
        .features()
        .add(
            new Feature()
                .setName(VERSION_FEATURE + applicant.version())
                .setMaxSupportedVersion((short) 1));
    request
        .features()
        .add(
            new Feature()
                .setName(FORMAT_FEATURE)
                .setMinSupportedVersion(MetadataFormat.OLDEST)
                .setMaxSupportedVersion(MetadataFormat.NEWEST));
    for (Endpoint endpoint : applicant.endpoints()) {
      request
          .listeners()
          .add(
              new BrokerRegistrationRequestData.Listener()
                  .setName(endpoint.listener())
                  .setHost(endpoint.host())
                  .setPort(endpoint.port())
                  .setSecurityProtocol(SecurityProtocol.forName(endpoint.securityProtocol()).id));
    }
    return request;
  }
}
