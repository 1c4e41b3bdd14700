package io.millrace.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is there, as far as the brokers have seen each other lately; for displays and first contacts,
 * never for decisions. Thread-safe.
 */
public interface BrokerPresence {
  /** A broker that is alone sees nobody. */
  BrokerPresence NONE = List::of;

  /** All brokers that are seen now, this one included, by id. */
  List<Card> present();

  /**
   * What a broker tells of itself. Immutable.
   *
   * @param brokerId its id
   * @param kafka host:port that Kafka clients reach it at
   * @param http host:port of its web door; null when it has none
   * @param peer host:port that other brokers reach it at
   * @param rack its rack, or null
   * @param version version of its software
   */
  record Card(
      int brokerId,
      String kafka,
      @Nullable String http,
      String peer,
      @Nullable String rack,
      String version) {}
}
