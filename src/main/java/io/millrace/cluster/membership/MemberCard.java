package io.millrace.cluster.membership;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.MemberAttributeConfig;
import io.millrace.cluster.BrokerPresence.Card;
import java.util.Optional;

/** A broker's card as attributes of its Hazelcast member. Stateless. */
final class MemberCard {
  private static final String ID = "broker.id";
  private static final String KAFKA = "kafka";
  private static final String HTTP = "http";
  private static final String PEER = "peer";
  private static final String RACK = "rack";
  private static final String VERSION = "version";

  private MemberCard() {}

  static void write(Card card, MemberAttributeConfig into) {
    into.setAttribute(ID, Integer.toString(card.brokerId()));
    into.setAttribute(KAFKA, card.kafka());
    into.setAttribute(PEER, card.peer());
    into.setAttribute(VERSION, card.version());
    if (card.http() != null) {
      into.setAttribute(HTTP, card.http());
    }
    if (card.rack() != null) {
      into.setAttribute(RACK, card.rack());
    }
  }

  /** The card of a member; empty when it is none of ours. */
  static Optional<Card> read(Member member) {
    String id = member.getAttribute(ID);
    String kafka = member.getAttribute(KAFKA);
    String peer = member.getAttribute(PEER);
    String version = member.getAttribute(VERSION);
    if (id == null || !id.matches("\\d{1,9}") || kafka == null || peer == null || version == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Card(
            Integer.parseInt(id),
            kafka,
            member.getAttribute(HTTP),
            peer,
            member.getAttribute(RACK),
            version));
  }
}
