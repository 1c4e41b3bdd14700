package io.millrace.metadata;

import org.apache.kafka.common.Uuid;

/** Checks that facts share. Each throws {@link FactRefusedException} when it does not hold. */
final class Preconditions {
  private Preconditions() {}

  static void require(boolean holds, String sentence, Object... args) {
    if (!holds) {
      throw new FactRefusedException(String.format(sentence, args));
    }
  }

  static TopicImage topic(ClusterImage image, Uuid id) {
    TopicImage topic = image.topic(id);
    if (topic == null) {
      throw new FactRefusedException("no topic has the id " + id);
    }
    return topic;
  }

  static BrokerImage broker(ClusterImage image, int id, long epoch) {
    BrokerImage broker = image.broker(id);
    if (broker == null) {
      throw new FactRefusedException("no broker has the id " + id);
    }
    require(
        broker.epoch() == epoch,
        "broker %d has epoch %d, the fact was decided on epoch %d",
        id,
        broker.epoch(),
        epoch);
    return broker;
  }

  static void isrMember(ClusterImage image, int id, long epoch) {
    BrokerImage broker = image.broker(id);
    long now = broker == null ? -1 : broker.epoch();
    require(
        now == epoch, "broker %d has epoch %d, the ISR was decided on epoch %d", id, now, epoch);
  }
}
