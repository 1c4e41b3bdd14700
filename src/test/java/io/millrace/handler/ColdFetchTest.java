package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sim.Requests;
import io.millrace.storage.DiskFiles;
import io.millrace.storage.log.ForwardingFiles;
import io.millrace.storage.log.LogFile;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.junit.jupiter.api.Test;

/** What lies far behind a log's end is read from the disk by workers: a loop finds it in memory. */
class ColdFetchTest extends BrokerFixture {
  private static final int PAGE_BYTES = 4096;
  private static final int PARTITIONS = 2;
  private static final String VALUE = "x".repeat(500_000);

  private final Set<String> pagesInMemory = new HashSet<>();
  private final List<String> loopsWaitedFor = new ArrayList<>();
  private int touches;

  @Override
  LogFiles files() {
    return new ForwardingFiles(new DiskFiles()) {
      @Override
      public LogFile open(Path file, boolean createNew) throws IOException {
        return new Paged(file.getFileName().toString(), super.open(file, createNew));
      }
    };
  }

  private final class Paged extends ForwardingFiles.Opened {
    private final String name;

    Paged(String name, LogFile file) {
      super(file);
      this.name = name;
    }

    @Override
    public int read(ByteBuffer dst, long position) throws IOException {
      int bytes = super.read(dst, position);
      take(position, bytes);
      return bytes;
    }

    @Override
    public void touch(long position, int sizeBytes) throws IOException {
      super.touch(position, sizeBytes);
      touches++;
      take(position, sizeBytes);
    }

    private void take(long position, int bytes) {
      for (long page = position / PAGE_BYTES; page * PAGE_BYTES < position + bytes; page++) {
        if (pagesInMemory.add(name + ":" + page) && sim.isInStep()) {
          loopsWaitedFor.add(name + ":" + page);
        }
      }
    }
  }

  @Test
  void noLoopWaitsForTheDisk() {
    create("far", 1, "segment.bytes", "16777216");
    for (int i = 0; i < 100; i++) {
      produce("far", 0, VALUE, VALUE);
    }
    pagesInMemory.clear();
    loopsWaitedFor.clear();

    PartitionData data = fetch(Requests.fetch("far", 0, 40, 1, 500, 2_500_000));

    assertThat(values(data)).hasSize(4).containsOnly(VALUE);
    assertThat(loopsWaitedFor).as("pages that a loop was the first to read").isEmpty();
    assertThat(touches).as("steps of workers that brought records into memory").isEqualTo(1);
  }

  @Test
  void readsNoMoreFromTheDiskThanItAnswers() {
    create("far", PARTITIONS, "segment.bytes", "16777216");
    for (int i = 0; i < 70; i++) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        produce("far", partition, VALUE, VALUE);
      }
    }
    touches = 0;
    FetchRequestData request = Requests.fetch("far", 0, 2, 1, 0, 2_500_000);
    List<FetchPartition> asked = request.topics().get(0).partitions();
    List<FetchPartition> all = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      all.add(asked.get(0).duplicate().setPartition(partition).setPartitionMaxBytes(1));
    }
    request.topics().get(0).setPartitions(all);

    PartitionData first = fetch(request);

    assertThat(values(first)).as("one batch, though more than asked for").hasSize(2);
    assertThat(touches).as("batches brought into memory").isEqualTo(1);
  }
}
