package io.millrace.cluster.founding;

import java.time.Instant;
import java.util.Collection;

/** What a broker says while it looks for others. Stateless. */
final class FoundingTexts {
  private FoundingTexts() {}

  static String idIsUsed(int brokerId, Card other) {
    return "broker.id="
        + brokerId
        + " is used by the broker at "
        + other.place()
        + ", which was started at "
        + Instant.ofEpochMilli(other.startedMs())
        + ": give this one another broker.id, or stop that one.";
  }

  static String otherCluster(Seeker self, Card other) {
    return "The data folder belongs to cluster "
        + self.clusterId()
        + ", but broker "
        + other.brokerId()
        + " at "
        + other.place()
        + " belongs to cluster "
        + other.clusterId()
        + ": start this one with an empty folder in log.dirs to join that cluster, or give it"
        + " another cluster.name to keep it apart.";
  }

  static String belongs(Seeker self) {
    return "waiting for a broker of cluster "
        + self.clusterId()
        + ", to which the data folder belongs: start those that have its metadata";
  }

  static String asking(Collection<Place> places) {
    return "waiting for an answer of " + places.iterator().next();
  }

  static String founds(Card founder) {
    return "waiting for broker " + founder.brokerId() + ", which founds the cluster or starts it";
  }

  static String mute(Place place) {
    return "waiting for an answer of " + place + ", which takes connections";
  }

  static String silent(Place place, String why) {
    return "no cluster is founded while "
        + place
        + " is silent ("
        + why
        + "), for it may belong to one: start it, take it off the list of hosts, or start this"
        + " broker with --found";
  }

  static String notNamed(Seeker self) {
    return "waiting for a broker that founds the cluster: none of the addresses in cluster.join is"
        + " this broker's own ("
        + self.self()
        + "), so it does not found one itself; start the others, add it to cluster.join, or start"
        + " it with --found";
  }

  static String expected(int brokers, int expected) {
    return "waiting for more brokers: "
        + brokers
        + " of "
        + expected
        + " are here (cluster.expected.brokers)";
  }

  static String smaller(Card smaller) {
    return "waiting for broker "
        + smaller.brokerId()
        + " at "
        + smaller.place()
        + " to found the cluster, since its id is smaller";
  }
}
