package io.millrace.cluster.founding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cluster.founding.Card.Founder;
import io.millrace.cluster.founding.Card.Stage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A card comes from whoever reaches the peer port. */
class CardCodecTest {
  /** What earlier releases do not write. */
  private static final int RECOVERIES_BYTES = 4;

  private static Card card(String name, String host, int port) {
    return new Card(
        3,
        new Uuid(1, 2),
        name,
        "cluster",
        Stage.MEMBER,
        Founder.YES,
        true,
        new Place(host, port),
        99,
        List.of(new Place("other", 17096)),
        2);
  }

  @Test
  void arrivesAsItLeft() {
    Card card = card("zk:2181/chroot", "::1", 17092);

    assertThat(CardCodec.decode(CardCodec.encode(card))).isEqualTo(card);
  }

  @Test
  void refusesEveryTruncation() {
    byte[] whole = CardCodec.encode(card("name", "host", 17092));
    for (int length = 0; length < whole.length; length++) {
      if (length != whole.length - RECOVERIES_BYTES) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> CardCodec.decode(cut))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void readsTheCardOfAnEarlierReleaseAsOfNoRecovery() {
    Card card = card("name", "host", 17092);
    byte[] whole = CardCodec.encode(card);

    assertThat(CardCodec.decode(Arrays.copyOf(whole, whole.length - RECOVERIES_BYTES)))
        .isEqualTo(card.withRecoveries(0));
  }

  @Test
  void refusesMoreKnownBrokersThanThereCanBe() {
    byte[] whole = CardCodec.encode(card("name", "host", 17092));
    int count = whole.length - (2 + 2 + "other".length() + 4) - RECOVERIES_BYTES;
    ByteBuffer.wrap(whole).putShort(count, (short) -1);

    assertThatThrownBy(() -> CardCodec.decode(whole)).hasMessageContaining("65535");
  }

  @ParameterizedTest
  @CsvSource({
    "name, host, 0",
    "name, host, -1",
    "name, host, 65536",
    "name, '', 17092",
    "name, 'ho st', 17092",
    "name, 'host\n12:00 ERROR all is lost', 17092",
    "'name\r\nforged line', host, 17092"
  })
  void refusesWhatIsNoAddressAndNoLineOfText(String name, String host, int port) {
    byte[] bytes = CardCodec.encode(card(name, host, port));

    assertThatThrownBy(() -> CardCodec.decode(bytes)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesNoiseWithOneKindOfFault() {
    Random random = new Random(7);
    byte[] whole = CardCodec.encode(card("name", "host", 17092));
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = whole.clone();
      noise[random.nextInt(noise.length)] = (byte) random.nextInt();
      noise[random.nextInt(noise.length)] = (byte) random.nextInt();
      try {
        CardCodec.decode(noise);
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageContaining("card");
      }
    }
  }
}
