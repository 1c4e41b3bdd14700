package io.millrace.metadata;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;
import org.pcollections.TreePMap;

/**
 * The stored form of a whole image, for snapshots. Versioned as {@link FactCodec}; an image is
 * written in the oldest form that can hold it.
 */
public final class ImageCodec {
  /** The newest form that is read. */
  public static final int NEWEST_FORMAT = 3;

  /** Without a count of recoveries. */
  public static final int FORMAT_2 = 2;

  /** Without reassignments and starts of brokers. */
  private static final int FIRST_FORMAT = 1;

  private ImageCodec() {}

  /** The form in which an image is written. */
  public static int format(ClusterImage image) {
    return image.recoveries() == 0 ? FORMAT_2 : NEWEST_FORMAT;
  }

  /** The stored form of an image. */
  public static byte[] encode(ClusterImage image) {
    FactOutput out = new FactOutput(4096);
    int format = format(image);
    out.octet(format);
    out.number(image.index());
    out.number(image.term());
    out.number(image.nextSequence());
    out.text(image.clusterId());
    out.number(image.controllerId());
    out.number(image.lastBrokerEpoch());
    out.number(image.nextProducerId());
    if (format > FORMAT_2) {
      out.number(image.recoveries());
    }
    out.list(image.brokers().values(), ImageCodec::writeBroker);
    out.list(image.topics().values(), ImageCodec::writeTopic);
    out.list(image.configs().entrySet(), ImageCodec::writeConfigs);
    out.list(image.answers().entrySet(), ImageCodec::writeAnswers);
    return out.toBytes();
  }

  /**
   * Reads an image that fills the buffer.
   *
   * @throws FactFormatException when the bytes are no image, or one of a newer version
   */
  public static ClusterImage decode(ByteBuffer bytes) {
    FactInput in = new FactInput(bytes);
    int format = in.octet();
    if (format < FIRST_FORMAT || format > NEWEST_FORMAT) {
      throw new FactFormatException(
          "an image of format " + format + ": written by a newer version");
    }
    ClusterImage image =
        ClusterImage.EMPTY
            .at(in.longNumber(), in.longNumber(), in.longNumber())
            .withClusterId(in.text())
            .withControllerId(in.number())
            .withLastBrokerEpoch(in.longNumber())
            .withNextProducerId(in.longNumber())
            .withRecoveries(format > FORMAT_2 ? in.number() : 0);
    for (BrokerImage broker : in.list(part -> readBroker(part, format))) {
      image = image.withBroker(broker);
    }
    for (TopicImage topic : in.list(part -> readTopic(part, format))) {
      image = image.withTopic(topic);
    }
    for (Map.Entry<ConfigScope, Map<String, String>> configs : in.list(ImageCodec::readConfigs)) {
      image = image.withConfigs(configs.getKey(), TreePMap.from(configs.getValue()));
    }
    for (Map.Entry<Integer, AnsweredRequests> answers : in.list(ImageCodec::readAnswers)) {
      image = image.withAnswers(answers.getKey(), answers.getValue());
    }
    if (!in.isEmpty()) {
      throw new FactFormatException("an image has bytes left over");
    }
    return image;
  }

  private static void writeBroker(FactOutput out, BrokerImage broker) {
    out.number(broker.id());
    out.number(broker.epoch());
    out.uuid(broker.incarnation());
    out.list(broker.endpoints(), FactOutput::endpoint);
    out.textOrNull(broker.rack());
    out.flag(broker.fenced());
    out.brokerStart(broker.start());
    out.flag(broker.shuttingDown());
    out.flag(broker.served());
  }

  private static BrokerImage readBroker(FactInput in, int format) {
    int id = in.number();
    long epoch = in.longNumber();
    Uuid incarnation = in.uuid();
    List<Endpoint> endpoints = in.list(FactInput::endpoint);
    String rack = in.textOrNull();
    boolean fenced = in.flag();
    return format == FIRST_FORMAT
        ? new BrokerImage(
            id, epoch, incarnation, endpoints, rack, fenced, BrokerStart.UNKNOWN, false, !fenced)
        : new BrokerImage(
            id,
            epoch,
            incarnation,
            endpoints,
            rack,
            fenced,
            in.brokerStart(),
            in.flag(),
            in.flag());
  }

  private static void writeTopic(FactOutput out, TopicImage topic) {
    out.text(topic.name());
    out.uuid(topic.id());
    out.list(topic.partitions(), FactOutput::partition);
  }

  private static TopicImage readTopic(FactInput in, int format) {
    return TopicImage.of(
        in.text(),
        in.uuid(),
        in.list(format == FIRST_FORMAT ? FactInput::partitionV0 : FactInput::partition));
  }

  private static void writeConfigs(
      FactOutput out, Map.Entry<ConfigScope, TreePMap<String, String>> configs) {
    out.scope(configs.getKey());
    out.texts(configs.getValue());
  }

  private static Map.Entry<ConfigScope, Map<String, String>> readConfigs(FactInput in) {
    return Map.entry(in.scope(), in.texts());
  }

  private static void writeAnswers(FactOutput out, Map.Entry<Integer, AnsweredRequests> answers) {
    out.number(answers.getKey());
    out.uuid(answers.getValue().incarnation());
    out.list(
        answers.getValue().byNumber().entrySet(),
        (o, answer) -> {
          o.number(answer.getKey());
          o.number(answer.getValue().atMs());
          o.bytes(answer.getValue().reply().get());
        });
  }

  private static Map.Entry<Integer, AnsweredRequests> readAnswers(FactInput in) {
    int brokerId = in.number();
    Uuid incarnation = in.uuid();
    TreePMap<Long, AnsweredRequests.Answer> byNumber = TreePMap.empty();
    for (Map.Entry<Long, AnsweredRequests.Answer> answer : in.list(ImageCodec::readAnswer)) {
      byNumber = byNumber.plus(answer.getKey(), answer.getValue());
    }
    return Map.entry(brokerId, AnsweredRequests.of(incarnation, byNumber));
  }

  private static Map.Entry<Long, AnsweredRequests.Answer> readAnswer(FactInput in) {
    return Map.entry(
        in.longNumber(), new AnsweredRequests.Answer(in.longNumber(), Bytes.wrap(in.bytes())));
  }
}
