package io.millrace.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class FactCodecTest {

  @Test
  void readsBackEveryKindOfFact() {
    Set<Class<?>> kinds = new HashSet<>();
    RandomFacts history = new RandomFacts(1);
    for (int i = 0; i < 500; i++) {
      MetadataEntry entry = history.nextEntry(1 + i / 100);

      assertThat(FactCodec.decode(ByteBuffer.wrap(FactCodec.encode(entry)))).isEqualTo(entry);
      entry.facts().forEach(fact -> kinds.add(fact.getClass()));
    }
    assertThat(kinds).containsExactlyInAnyOrder(Fact.class.getPermittedSubclasses());
  }

  @Test
  void readsBackPartitionsThatAreOneObject() {
    PartitionImage one = PartitionImage.created(List.of(1, 2, 3), List.of(1, 2, 3));
    PartitionImage other = PartitionImage.created(List.of(2), List.of());
    List<PartitionImage> partitions = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      partitions.add(i % 7 == 3 ? other : one);
    }
    TopicCreated topic = new TopicCreated(new Uuid(1, 2), "t", partitions, Map.of());
    MetadataEntry entry = new MetadataEntry(1, 0, List.of(topic));

    assertThat(FactCodec.decode(ByteBuffer.wrap(FactCodec.encode(entry)))).isEqualTo(entry);
  }

  @Test
  void readsBackImages() {
    RandomFacts history = new RandomFacts(2);
    for (int i = 0; i < 200; i++) {
      history.nextEntry(1 + i / 50);
      if (i % 10 == 0) {
        ClusterImage image = history.image();

        assertThat(ImageCodec.decode(ByteBuffer.wrap(ImageCodec.encode(image)))).isEqualTo(image);
      }
    }
  }

  @Test
  void refusesAnEntryThatEndsAnywhere() {
    RandomFacts history = new RandomFacts(3);
    for (int i = 0; i < 30; i++) {
      byte[] whole = FactCodec.encode(history.nextEntry(1));
      for (int size = 0; size < whole.length; size++) {
        ByteBuffer part = ByteBuffer.wrap(Arrays.copyOf(whole, size));
        assertThatThrownBy(() -> FactCodec.decode(part)).isInstanceOf(FactFormatException.class);
      }
    }
  }

  @Test
  void endsOnDamagedBytesInNothingButAFormatException() {
    Random random = new Random(4);
    RandomFacts history = new RandomFacts(4);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = FactCodec.encode(history.nextEntry(1));
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        FactCodec.decode(ByteBuffer.wrap(bytes));
      } catch (FactFormatException expected) {
        assertThat(expected).hasMessageMatching("(?s).+");
      }
    }
  }

  @Test
  void saysWhenANewerVersionWroteIt() {
    byte[] entry = FactCodec.encode(new MetadataEntry(1, 0, List.of(new ClusterFounded("x"))));
    byte[] newFormat = entry.clone();
    newFormat[0] = 2;
    byte[] newKind = entry.clone();
    newKind[4] = 99;
    byte[] newVersion = entry.clone();
    newVersion[5] = 1;

    for (byte[] bytes : List.of(newFormat, newKind, newVersion)) {
      assertThatThrownBy(() -> FactCodec.decode(ByteBuffer.wrap(bytes)))
          .isInstanceOf(FactFormatException.class)
          .hasMessageContaining("written by a newer version");
    }
  }
}
