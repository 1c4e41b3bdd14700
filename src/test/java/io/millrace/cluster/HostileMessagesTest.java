package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cluster.MetadataQuorum.Invitation;
import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.metadata.ImageCodec;
import io.millrace.metadata.RequestId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages between brokers as whoever reaches the peer port may send them. */
class HostileMessagesTest {
  private static final Uuid ID = new Uuid(5, 6);
  private static final Peer PEER = new Peer(1, "1-" + ID, "host", 17094);

  /**
   * A message, whole, and how it is read.
   *
   * @param added bytes at its end that earlier releases do not send
   */
  private record Message(String name, byte[] whole, int added, Consumer<byte[]> read) {
    Message(String name, byte[] whole, Consumer<byte[]> read) {
      this(name, whole, 0, read);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Message> messages() {
    RequestId id = new RequestId(1, ID, 7);
    return Stream.of(
        new Message(
            "join",
            JoinCodec.encode(new JoinCodec.Request(PEER, ID, 2, 3)),
            4 + 1,
            JoinCodec::decodeRequest),
        new Message(
            "invitation",
            JoinCodec.encode(
                new JoinCodec.Answer.Invited(
                    new Invitation("cluster", ID, List.of(PEER, PEER), 1))),
            4,
            JoinCodec::decodeAnswer),
        new Message(
            "request",
            ForwardForm.encode(
                new ForwardForm.Request(id, ClusterFixture.CALLER, 19, new byte[] {0, 1, 2})),
            ForwardForm::request),
        new Message(
            "reply",
            ForwardForm.encode(new ForwardForm.Reply(Errors.NONE, "", 3, new byte[] {0, 1, 2})),
            ForwardForm::reply),
        new Message(
            "report",
            new ReportForm(1, 2, List.of(new ReportForm.Held(ID, 0, 1, 2))).encode(),
            ReportForm::decode));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void refusesEveryTruncation(Message message) {
    message.read().accept(message.whole());
    int earlier = message.whole().length - message.added();
    for (int length = 0; length < message.whole().length; length++) {
      if (message.added() > 0 && length == earlier) {
        continue;
      }
      byte[] cut = Arrays.copyOf(message.whole(), length);
      assertThatThrownBy(() -> message.read().accept(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void readsWhatEarlierReleasesSend() {
    byte[] request = JoinCodec.encode(new JoinCodec.Request(PEER, ID, 2, 3));
    byte[] answer =
        JoinCodec.encode(
            new JoinCodec.Answer.Invited(new Invitation("cluster", ID, List.of(PEER), 4)));

    assertThat(JoinCodec.decodeRequest(Arrays.copyOf(request, request.length - 4 - 1)))
        .isEqualTo(new JoinCodec.Request(PEER, ID, 0, ImageCodec.FORMAT_2));
    assertThat(JoinCodec.decodeAnswer(Arrays.copyOf(answer, answer.length - 4)))
        .isEqualTo(new JoinCodec.Answer.Invited(new Invitation("cluster", ID, List.of(PEER), 0)));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void refusesNoiseAsWhatItIs(Message message) {
    Random random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = message.whole().clone();
      noise[random.nextInt(noise.length)] = (byte) random.nextInt();
      noise[random.nextInt(noise.length)] = (byte) (random.nextBoolean() ? 0x7f : 0xff);
      try {
        message.read().accept(noise);
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, x, host, 17094",
    "1, 1-x, host, 17094",
    "1, '', host, 17094",
    "2, 1-AAAAAAAAAAUAAAAAAAAABg, host, 17094",
    "-1, -1-AAAAAAAAAAUAAAAAAAAABg, host, 17094",
    "1, 1-AAAAAAAAAAUAAAAAAAAABg, 'ho\nst', 17094",
    "1, 1-AAAAAAAAAAUAAAAAAAAABg, '', 17094",
    "1, 1-AAAAAAAAAAUAAAAAAAAABg, host, 0",
    "1, 1-AAAAAAAAAAUAAAAAAAAABg, host, 70000"
  })
  void refusesAPeerThatTheLogCouldNotName(int broker, String peerId, String host, int port) {
    byte[] bytes =
        JoinCodec.encode(new JoinCodec.Request(new Peer(broker, peerId, host, port), ID, 0, 2));

    assertThatThrownBy(() -> JoinCodec.decodeRequest(bytes))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCountIsComparedWithTheBytesThatAreThere() {
    byte[] report = new ReportForm(1, 2, List.of()).encode();
    ByteBuffer.wrap(report).putInt(report.length - 4, Integer.MAX_VALUE);

    assertThatThrownBy(() -> ReportForm.decode(report)).hasMessageContaining("too short");
  }
}
