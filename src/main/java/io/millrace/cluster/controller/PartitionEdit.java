package io.millrace.cluster.controller;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.PartitionChanged;
import io.millrace.metadata.PartitionImage;
import io.millrace.metadata.TopicImage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One change of a partition in the making: what is wanted goes in, and what follows from it comes
 * out, in this order: a reassignment that is complete ends, a leader is kept or elected, epochs
 * grow, and who left the ISR below its minimum stays eligible.
 *
 * <p>A leader is elected from the ISR; when no member can lead, from the eligible replicas, which
 * hold as much; when no trusted replica is left, the one that is known to hold most; and where an
 * unclean election is allowed, any.
 *
 * <p>Confined to: the control loop.
 */
final class PartitionEdit {
  /** Which leader is wanted. */
  enum Election {
    /** The one that there is, if it may lead. */
    KEEP,
    /** The first of the replicas, if it may lead. */
    PREFERRED,
    /** Any, when no replica that is in sync may lead. */
    UNCLEAN
  }

  private final ClusterImage image;
  private final TopicImage topic;
  private final int number;
  private final IsrRules rules;
  private final PartitionImage before;

  private List<Integer> replicas;
  private List<Integer> isr;
  private List<Integer> adding;
  private List<Integer> removing;
  private List<Integer> lastIsr;
  private List<Integer> offline;
  private @Nullable Integer distrusted;
  private @Nullable Integer fullest;
  private Election election = Election.KEEP;
  private boolean forgetsEligible;
  private boolean startsAnew;

  /**
   * @param image brokers as they are when the change happens
   * @throws IllegalArgumentException when there is no such partition
   */
  PartitionEdit(ClusterImage image, TopicImage topic, int number, IsrRules rules) {
    PartitionImage found = topic.partition(number);
    if (found == null) {
      throw new IllegalArgumentException(topic.name() + " has no partition " + number);
    }
    this.image = image;
    this.topic = topic;
    this.number = number;
    this.rules = rules;
    this.before = found;
    this.replicas = found.replicas();
    this.isr = found.isr();
    this.adding = found.adding();
    this.removing = found.removing();
    this.lastIsr = found.lastIsr();
    this.offline = found.offline();
  }

  /** The ISR from now on. */
  PartitionEdit isr(List<Integer> wanted) {
    isr = wanted;
    return this;
  }

  /** The leader itself asks: who was distrusted before has nothing that it does not have. */
  PartitionEdit confirmedByLeader() {
    lastIsr = List.of();
    return this;
  }

  /** A broker leaves the ISR, unless it is the last: it still knows what was acknowledged. */
  PartitionEdit leaves(int broker) {
    List<Integer> others = without(isr, broker);
    if (!others.isEmpty()) {
      isr = others;
    }
    return this;
  }

  /**
   * A new process of a broker that lost nothing leaves the ISR. Nobody knows at that moment whether
   * those who stay still have what it has, for they may have lost their power and be about to come
   * back without it: until a leader changes the ISR, it is asked when nobody can be trusted.
   */
  PartitionEdit returns(int broker) {
    int before = isr.size();
    leaves(broker);
    if (isr.size() < before) {
      lastIsr = with(lastIsr, broker);
    }
    return this;
  }

  /** A broker is not asked what it holds, unless it is the last that could be. */
  PartitionEdit isNotAsked(int broker) {
    List<Integer> others = without(lastIsr, broker);
    if (!others.isEmpty()) {
      lastIsr = others;
    }
    return this;
  }

  /** A broker may have lost what it had acknowledged. */
  PartitionEdit distrust(int broker) {
    if (isr.contains(broker) || before.eligible().contains(broker)) {
      lastIsr = with(lastIsr, broker);
    }
    isr = without(isr, broker);
    distrusted = broker;
    return this;
  }

  /** The replicas from now on, with those that come and those that go. */
  PartitionEdit replicas(List<Integer> all, List<Integer> coming, List<Integer> going) {
    replicas = all;
    adding = coming;
    removing = going;
    isr = isr.stream().filter(all::contains).toList();
    return this;
  }

  /** The log folder of a replica failed, or it may have come back. */
  PartitionEdit offline(int broker, boolean nowOffline) {
    offline = nowOffline ? with(offline, broker) : without(offline, broker);
    return this;
  }

  /**
   * The minimum of in-sync replicas changes: who left before it did may lack something (KIP-966).
   */
  PartitionEdit forgetEligible() {
    forgetsEligible = true;
    if (!before.hasLeader()) {
      before.eligible().forEach(id -> lastIsr = with(lastIsr, id));
    }
    return this;
  }

  /** Which leader is wanted. */
  PartitionEdit election(Election wanted) {
    election = wanted;
    return this;
  }

  /** The replica that holds most of the log, of all that could hold more. */
  PartitionEdit fullest(int broker) {
    fullest = broker;
    return this;
  }

  /** The change, or nothing when all stays as it is. */
  Optional<PartitionChanged> build() {
    completeReassignment();
    int leader = elect();
    boolean newEpoch = leader != before.leader() || !replicas.containsAll(before.replicas());
    PartitionImage next =
        new PartitionImage(
            replicas,
            isr,
            leader,
            before.leaderEpoch() + (newEpoch ? 1 : 0),
            before.partitionEpoch() + 1,
            adding,
            removing,
            eligible(),
            startsAnew ? List.of() : within(lastIsr),
            within(offline));
    return isSame(next)
        ? Optional.empty()
        : Optional.of(
            new PartitionChanged(
                topic.id(), number, before.partitionEpoch(), isrEpochs(next), next));
  }

  private void completeReassignment() {
    if ((adding.isEmpty() && removing.isEmpty()) || !isr.containsAll(adding)) {
      return;
    }
    List<Integer> target = new ArrayList<>(replicas);
    target.removeAll(removing);
    List<Integer> rest = new ArrayList<>(isr);
    rest.removeAll(removing);
    if (!rest.isEmpty() && rest.size() >= rules.needed(target.size())) {
      replicas = target;
      isr = rest;
      adding = List.of();
      removing = List.of();
    }
  }

  private int elect() {
    int preferred = replicas.get(0);
    if (election == Election.PREFERRED && mayLeadCleanly(preferred)) {
      return preferred;
    }
    if (mayLeadCleanly(before.leader())) {
      return before.leader();
    }
    Optional<Integer> inSync = replicas.stream().filter(this::mayLeadCleanly).findFirst();
    if (inSync.isPresent()) {
      return inSync.get();
    }
    Optional<Integer> other = trustedOutsideIsr();
    if (other.isEmpty()) {
      other = lastResort();
      startsAnew = other.isPresent();
    }
    other.ifPresent(chosen -> isr = List.of(chosen));
    return other.orElse(PartitionImage.NO_LEADER);
  }

  private boolean mayLeadCleanly(int broker) {
    return isr.contains(broker) && mayLead(broker);
  }

  private boolean mayLead(int broker) {
    return replicas.contains(broker) && image.mayLead(broker) && !offline.contains(broker);
  }

  private Optional<Integer> trustedOutsideIsr() {
    return replicas.stream()
        .filter(id -> before.eligible().contains(id) && !isDistrusted(id) && mayLead(id))
        .findFirst();
  }

  /** Somebody of whom nobody knows that it holds all that was acknowledged. */
  private Optional<Integer> lastResort() {
    boolean nobodyTrusted =
        isr.isEmpty() && before.eligible().stream().allMatch(this::isDistrusted);
    if (nobodyTrusted && fullest != null && mayLead(fullest)) {
      return Optional.of(fullest);
    }
    if (nobodyTrusted && lastIsr.size() == 1 && isAlone(lastIsr.get(0))) {
      return lastIsr.stream().filter(this::mayLead).findFirst(); // nobody else could hold more
    }
    if (!rules.unclean() && election != Election.UNCLEAN) {
      return Optional.empty();
    }
    Set<Integer> inOrder = new LinkedHashSet<>(lastIsr);
    inOrder.addAll(replicas);
    return inOrder.stream().filter(this::mayLead).findFirst();
  }

  /** Whether no other replica is on a broker that belongs to the cluster. */
  private boolean isAlone(int broker) {
    return replicas.stream().allMatch(id -> id == broker || image.broker(id) == null);
  }

  private boolean isDistrusted(int broker) {
    return forgetsEligible || (distrusted != null && distrusted == broker);
  }

  /** KIP-966: below the minimum the high watermark stands still, so who leaves has all below it. */
  private List<Integer> eligible() {
    if (startsAnew || forgetsEligible || isr.size() >= rules.needed(replicas.size())) {
      return List.of();
    }
    Set<Integer> left = new LinkedHashSet<>(before.isr());
    left.addAll(before.eligible());
    isr.forEach(left::remove);
    if (distrusted != null) {
      left.remove(distrusted);
    }
    return within(left.stream().sorted().toList());
  }

  private List<Integer> within(List<Integer> ids) {
    return ids.stream().filter(replicas::contains).toList();
  }

  private boolean isSame(PartitionImage next) {
    return next.replicas().equals(before.replicas())
        && next.isr().equals(before.isr())
        && next.leader() == before.leader()
        && next.leaderEpoch() == before.leaderEpoch()
        && next.adding().equals(before.adding())
        && next.removing().equals(before.removing())
        && next.eligible().equals(before.eligible())
        && next.lastIsr().equals(before.lastIsr())
        && next.offline().equals(before.offline());
  }

  private List<Long> isrEpochs(PartitionImage next) {
    return next.isr().stream().map(this::epoch).toList();
  }

  private long epoch(int id) {
    BrokerImage broker = image.broker(id);
    return broker == null ? -1 : broker.epoch();
  }

  private static List<Integer> with(List<Integer> ids, int id) {
    if (ids.contains(id)) {
      return ids;
    }
    List<Integer> more = new ArrayList<>(ids);
    more.add(id);
    return more;
  }

  private static List<Integer> without(List<Integer> ids, int id) {
    return ids.stream().filter(each -> each != id).toList();
  }
}
