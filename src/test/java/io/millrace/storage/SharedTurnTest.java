package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.log.AppendOrigin;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is appended to several logs of a shard in one turn. */
class SharedTurnTest {
  private static final long PATIENCE_MS = 600_000;

  @TempDir Path temp;
  private StorageWorld sim;

  /** How many of the logs were written when each append was answered. */
  private final List<Long> writtenAtAnswers = new ArrayList<>();

  @BeforeEach
  void start() {
    sim = new StorageWorld(3, new DiskFiles(), temp.resolve("a")).start();
  }

  private List<StoredLog> logsOfOneShard(int count) {
    StoredLog first = sim.create("orders", 0);
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> sim.create("orders", i))
        .filter(log -> log.shard() == first.shard())
        .limit(count)
        .toList();
  }

  private void appendInOneTurn(List<StoredLog> logs) {
    List<Future<?>> answers = new ArrayList<>();
    Future<?> begun =
        sim.control.ask(
            logs.get(0).shard(),
            () -> {
              for (StoredLog log : logs) {
                answers.add(
                    log.append(StorageWorld.batch(1, "a"), AppendOrigin.CLIENT, 0, () -> {})
                        .onSuccess(done -> writtenAtAnswers.add(written(logs))));
              }
              return Future.succeededFuture();
            });
    sim.world.await(begun, PATIENCE_MS);
    sim.world.await(Future.all(answers), PATIENCE_MS);
  }

  private static long written(List<StoredLog> logs) {
    return logs.stream().filter(log -> log.view().logEndOffset() > 0).count();
  }

  @Test
  void isAnsweredWhenAllOfItIsWritten() {
    appendInOneTurn(logsOfOneShard(3));

    assertThat(writtenAtAnswers).containsExactly(3L, 3L, 3L);
  }

  @Test
  void isAnsweredInPartsWhereItIsMuch() {
    appendInOneTurn(logsOfOneShard(Shard.WRITTEN_MAX + 2));

    assertThat(writtenAtAnswers.get(0)).isEqualTo(Shard.WRITTEN_MAX);
    assertThat(writtenAtAnswers).hasSize(Shard.WRITTEN_MAX + 2);
    assertThat(writtenAtAnswers.get(Shard.WRITTEN_MAX)).isEqualTo(Shard.WRITTEN_MAX + 2);
  }
}
