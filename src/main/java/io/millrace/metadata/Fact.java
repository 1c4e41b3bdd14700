package io.millrace.metadata;

/**
 * Something that the active controller decided. A fact names all that it changes and what must hold
 * for it (epochs), so that applying it checks and copies and never decides anew: brokers of
 * different versions agree on every image. Immutable.
 */
public sealed interface Fact
    permits BrokerFenced,
        BrokerRegistered,
        BrokerShuttingDown,
        BrokerUnfenced,
        BrokerUnregistered,
        ClusterFounded,
        ConfigChanged,
        ControllerActivated,
        PartitionChanged,
        PartitionsAdded,
        ProducerIdsAllocated,
        RequestAnswered,
        TopicCreated,
        TopicDeleted {

  /**
   * The image after this fact.
   *
   * @throws FactRefusedException when a precondition does not hold
   */
  ClusterImage applyTo(ClusterImage image);

  /**
   * Notes what this fact touches.
   *
   * @param image the image before it
   */
  default void touch(ClusterImage image, ClusterChange.Touched touched) {}
}
