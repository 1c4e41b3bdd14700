package io.millrace.config;

/**
 * Topic keys that are known and do nothing here, as {@link OtherBrokerKeys} has them. Those that
 * brokers of Kafka 4.3 do not describe have no default, so that they are described only where they
 * were set: who copies all configs of a topic to a Kafka, as MirrorMaker of 2.8 does, is refused
 * for one that is not known there.
 */
final class OtherTopicKeys {
  static final String TABLE =
      """
      = ignored: records are kept on the brokers' disks only
      local.retention.bytes | long | -2 | live | Size at which local copies are deleted when segments are stored elsewhere too.
      local.retention.ms | long | -2 | live | Age at which local copies are deleted when segments are stored elsewhere too.
      remote.copy.lag.bytes | long | - | live | Newer bytes after which a segment is stored elsewhere.
      remote.copy.lag.ms | long | - | live | Age after which a segment is stored elsewhere.
      remote.log.copy.disable | boolean | false | live | Whether storing segments elsewhere pauses.
      remote.log.delete.on.disable | boolean | false | live | Whether remote segments are deleted when the topic stops using them.

      = refused: records are kept on the brokers' disks only
      remote.storage.enable | boolean | false | live | Whether old segments are stored elsewhere.

      = ignored: there is one format of records here, the newest
      message.downconversion.enable | boolean | - | live | Conversion of records for clients older than 0.11.
      message.format.version | string | - | live | Version of the stored records.

      = ignored: message.timestamp.before.max.ms and message.timestamp.after.max.ms took its place
      message.timestamp.difference.max.ms | long | - | live | How far a timestamp may lie from the broker's clock, both ways.

      = ignored: share groups are not known yet
      errors.deadletterqueue.group.enable | boolean | - | live | Whether share groups may put records there that nobody could use.

      = ignored: records are bounded by a limit of the whole broker when they are decompressed
      max.decompressed.message.bytes | int | - | live | Largest record after decompression.

      = ignored: segments smaller than segment.bytes allows are not made
      internal.segment.bytes | int | - | live | Segment size, for Kafka's own tests.
      """;

  private OtherTopicKeys() {}
}
