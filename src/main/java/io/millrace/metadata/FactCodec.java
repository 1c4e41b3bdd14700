package io.millrace.metadata;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;

/**
 * The stored form of entries: format version, term, sequence, number of facts; each fact with its
 * kind, the version of its form, and its length. Codes and forms are never changed or used again; a
 * new form is a new version, and readers keep the old ones, so that yesterday's log replays to the
 * same image.
 */
public final class FactCodec {
  private static final int FORMAT = MetadataFormat.NEWEST;

  /** One kind of fact: how each version of it is read, and how the newest is written. */
  private record Kind<F extends Fact>(
      int code,
      Class<F> type,
      int version,
      BiConsumer<FactOutput, F> writer,
      Map<Integer, Function<FactInput, F>> readers) {}

  private static final Map<Integer, Kind<?>> BY_CODE = new HashMap<>();
  private static final Map<Class<?>, Kind<?>> BY_TYPE = new HashMap<>();

  static {
    kind(
        1,
        ClusterFounded.class,
        (out, fact) -> out.text(fact.clusterId()),
        in -> new ClusterFounded(in.text()));
    kind(
        2,
        ControllerActivated.class,
        (out, fact) -> {
          out.number(fact.brokerId());
          out.number(fact.brokerEpoch());
        },
        in -> new ControllerActivated(in.number(), in.longNumber()));
    kind(
        3,
        BrokerRegistered.class,
        FactCodec::write,
        in -> brokerRegistered(in, part -> BrokerStart.UNKNOWN),
        in -> brokerRegistered(in, FactInput::brokerStart));
    kind(
        4,
        BrokerFenced.class,
        (out, fact) -> {
          out.number(fact.id());
          out.number(fact.epoch());
        },
        in -> new BrokerFenced(in.number(), in.longNumber()));
    kind(
        5,
        BrokerUnfenced.class,
        (out, fact) -> {
          out.number(fact.id());
          out.number(fact.epoch());
        },
        in -> new BrokerUnfenced(in.number(), in.longNumber()));
    kind(
        6,
        TopicCreated.class,
        FactCodec::write,
        in -> topicCreated(in, FactInput::partitionV0),
        in -> topicCreated(in, FactInput::partition));
    kind(
        7,
        PartitionsAdded.class,
        (out, fact) -> {
          out.uuid(fact.topicId());
          out.number(fact.first());
          out.list(fact.partitions(), FactOutput::partition);
        },
        in -> new PartitionsAdded(in.uuid(), in.number(), in.list(FactInput::partitionV0)),
        in -> new PartitionsAdded(in.uuid(), in.number(), in.list(FactInput::partition)));
    kind(
        8,
        PartitionChanged.class,
        FactCodec::write,
        in -> partitionChanged(in, FactInput::partitionV0),
        in -> partitionChanged(in, FactInput::partition));
    kind(
        9,
        TopicDeleted.class,
        (out, fact) -> out.uuid(fact.id()),
        in -> new TopicDeleted(in.uuid()));
    kind(10, ConfigChanged.class, FactCodec::write, FactCodec::configChanged);
    kind(11, ProducerIdsAllocated.class, FactCodec::write, FactCodec::producerIdsAllocated);
    kind(12, RequestAnswered.class, FactCodec::write, FactCodec::requestAnswered);
    kind(
        13,
        BrokerUnregistered.class,
        (out, fact) -> {
          out.number(fact.id());
          out.number(fact.epoch());
        },
        in -> new BrokerUnregistered(in.number(), in.longNumber()));
    kind(
        14,
        BrokerShuttingDown.class,
        (out, fact) -> {
          out.number(fact.id());
          out.number(fact.epoch());
        },
        in -> new BrokerShuttingDown(in.number(), in.longNumber()));
  }

  private FactCodec() {}

  /**
   * @param writer writes the newest version
   * @param readers read the versions, from 0
   */
  @SafeVarargs
  private static <F extends Fact> void kind(
      int code,
      Class<F> type,
      BiConsumer<FactOutput, F> writer,
      Function<FactInput, F>... readers) {
    Map<Integer, Function<FactInput, F>> byVersion = new HashMap<>();
    for (Function<FactInput, F> reader : readers) {
      byVersion.put(byVersion.size(), reader);
    }
    Kind<F> kind = new Kind<>(code, type, readers.length - 1, writer, byVersion);
    BY_CODE.put(code, kind);
    BY_TYPE.put(type, kind);
  }

  /** The stored form of an entry. */
  public static byte[] encode(MetadataEntry entry) {
    FactOutput out = new FactOutput(256);
    out.octet(FORMAT);
    out.number(entry.term());
    out.number(entry.sequence());
    out.list(entry.facts(), FactCodec::writeFact);
    return out.toBytes();
  }

  /**
   * Reads an entry that fills the buffer.
   *
   * @throws FactFormatException when the bytes are no entry, or one of a newer version
   */
  public static MetadataEntry decode(ByteBuffer bytes) {
    FactInput in = new FactInput(bytes);
    int format = in.octet();
    if (format != FORMAT) {
      throw new FactFormatException(
          "an entry of format " + format + ": written by a newer version");
    }
    long term = in.longNumber();
    long sequence = in.longNumber();
    List<Fact> facts = in.list(FactCodec::readFact);
    if (!in.isEmpty()) {
      throw new FactFormatException("an entry has bytes left over");
    }
    return new MetadataEntry(term, sequence, facts);
  }

  private static void writeFact(FactOutput out, Fact fact) {
    Kind<?> kind = BY_TYPE.get(fact.getClass());
    out.octet(kind.code());
    out.octet(kind.version());
    FactOutput body = new FactOutput(64);
    writeBody(kind, body, fact);
    out.bytes(body.toBytes());
  }

  private static <F extends Fact> void writeBody(Kind<F> kind, FactOutput out, Fact fact) {
    kind.writer().accept(out, kind.type().cast(fact));
  }

  private static Fact readFact(FactInput in) {
    int code = in.octet();
    int version = in.octet();
    Kind<?> kind = BY_CODE.get(code);
    Function<FactInput, ? extends Fact> reader = kind == null ? null : kind.readers().get(version);
    if (reader == null) {
      throw new FactFormatException(
          "a fact of kind " + code + " version " + version + ": written by a newer version");
    }
    try {
      return in.whole(in.number(), reader::apply);
    } catch (IllegalArgumentException e) {
      throw new FactFormatException(
          "a fact of kind " + code + " that cannot be: " + e.getMessage());
    }
  }

  private static void write(FactOutput out, BrokerRegistered fact) {
    out.number(fact.id());
    out.number(fact.epoch());
    out.number(fact.previousEpoch());
    out.uuid(fact.incarnation());
    out.list(fact.endpoints(), FactOutput::endpoint);
    out.textOrNull(fact.rack());
    out.brokerStart(fact.start());
  }

  private static BrokerRegistered brokerRegistered(
      FactInput in, Function<FactInput, BrokerStart> start) {
    return new BrokerRegistered(
        in.number(),
        in.longNumber(),
        in.longNumber(),
        in.uuid(),
        in.list(FactInput::endpoint),
        in.textOrNull(),
        start.apply(in));
  }

  private static void write(FactOutput out, TopicCreated fact) {
    out.uuid(fact.id());
    out.text(fact.name());
    out.list(fact.partitions(), FactOutput::partition);
    out.texts(fact.configs());
  }

  private static TopicCreated topicCreated(
      FactInput in, Function<FactInput, PartitionImage> partition) {
    return new TopicCreated(in.uuid(), in.text(), in.list(partition), in.texts());
  }

  private static void write(FactOutput out, PartitionChanged fact) {
    out.uuid(fact.topicId());
    out.number(fact.number());
    out.number(fact.decidedOnEpoch());
    out.list(fact.isrEpochs(), FactOutput::number);
    out.partition(fact.next());
  }

  private static PartitionChanged partitionChanged(
      FactInput in, Function<FactInput, PartitionImage> partition) {
    return new PartitionChanged(
        in.uuid(), in.number(), in.number(), in.list(FactInput::longNumber), partition.apply(in));
  }

  private static void write(FactOutput out, ConfigChanged fact) {
    out.scope(fact.scope());
    out.texts(fact.set());
    out.list(fact.removed(), FactOutput::text);
  }

  private static ConfigChanged configChanged(FactInput in) {
    return new ConfigChanged(in.scope(), in.texts(), new TreeSet<>(in.list(FactInput::text)));
  }

  private static void write(FactOutput out, ProducerIdsAllocated fact) {
    out.number(fact.brokerId());
    out.number(fact.brokerEpoch());
    out.number(fact.first());
    out.number(fact.count());
  }

  private static ProducerIdsAllocated producerIdsAllocated(FactInput in) {
    return new ProducerIdsAllocated(in.number(), in.longNumber(), in.longNumber(), in.number());
  }

  private static void write(FactOutput out, RequestAnswered fact) {
    out.number(fact.request().brokerId());
    out.uuid(fact.request().incarnation());
    out.number(fact.request().number());
    out.number(fact.atMs());
    out.bytes(fact.reply().get());
  }

  private static RequestAnswered requestAnswered(FactInput in) {
    RequestId request = new RequestId(in.number(), in.uuid(), in.longNumber());
    return new RequestAnswered(request, in.longNumber(), Bytes.wrap(in.bytes()));
  }
}
