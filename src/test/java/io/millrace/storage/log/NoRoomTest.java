package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class NoRoomTest {
  @Test
  void isSaidByTheSystemsWordsWhereverTheyStand() {
    assertThat(NoRoom.isSaidBy(new IOException("No space left on device"))).isTrue();
    assertThat(NoRoom.isSaidBy(new CompletionException(new IOException("Disk quota exceeded"))))
        .isTrue();
    assertThat(NoRoom.isSaidBy(new IOException("Input/output error"))).isFalse();
    assertThat(NoRoom.isSaidBy(new IOException())).isFalse();
  }
}
