package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnguessableTest {
  private static final int MANY = 2_000;

  @ParameterizedTest
  @ValueSource(strings = {"/dev/urandom", "/dev/there is no such file"})
  void fillsArraysWithOtherBytesEachTime(String file) {
    var source = Unguessable.source(file);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      byte[] bytes = new byte[16];
      source.accept(bytes);
      seen.add(Arrays.toString(bytes));
    }

    assertThat(seen).hasSize(MANY);
  }

  @Test
  void makesIdsAsKafkaDoes() {
    Set<Uuid> seen = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      Uuid uuid = Unguessable.uuid();
      UUID same = new UUID(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
      assertThat(same.version()).isEqualTo(4);
      assertThat(same.variant()).isEqualTo(2);
      assertThat(uuid.toString()).doesNotStartWith("-");
      seen.add(uuid);
    }

    assertThat(seen).hasSize(MANY).doesNotContainAnyElementsOf(Uuid.RESERVED);
  }

  @Test
  void makesPositiveNumbersOfAllSizes() {
    int all = 0;
    for (int i = 0; i < MANY; i++) {
      int number = Unguessable.positiveInt();
      assertThat(number).isBetween(1, Integer.MAX_VALUE - 1);
      all |= number;
    }

    assertThat(all).isEqualTo(Integer.MAX_VALUE);
  }
}
