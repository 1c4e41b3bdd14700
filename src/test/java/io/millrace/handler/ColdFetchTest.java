package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sim.Requests;
import io.millrace.storage.DiskFiles;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.WatchedPages;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.junit.jupiter.api.Test;

/** What lies far behind a log's end is read from the disk by workers: a loop finds it in memory. */
class ColdFetchTest extends BrokerFixture {
  private static final int PARTITIONS = 2;
  private static final String VALUE = "x".repeat(500_000);

  private final WatchedPages pages = new WatchedPages(new DiskFiles(), sim::isInStep);

  @Override
  LogFiles files() {
    return pages;
  }

  @Test
  void noLoopWaitsForTheDisk() {
    create("far", 1, "segment.bytes", "16777216");
    for (int i = 0; i < 100; i++) {
      produce("far", 0, VALUE, VALUE);
    }
    pages.forget();

    PartitionData data = fetch(Requests.fetch("far", 0, 40, 1, 500, 2_500_000));

    assertThat(values(data)).hasSize(4).containsOnly(VALUE);
    assertThat(pages.loopsWaitedFor()).as("pages that a loop was the first to read").isEmpty();
    assertThat(pages.touches())
        .as("steps of workers that brought records into memory")
        .isEqualTo(1);
  }

  @Test
  void readsNoMoreFromTheDiskThanItAnswers() {
    create("far", PARTITIONS, "segment.bytes", "16777216");
    for (int i = 0; i < 70; i++) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        produce("far", partition, VALUE, VALUE);
      }
    }
    pages.forget();
    FetchRequestData request = Requests.fetch("far", 0, 2, 1, 0, 2_500_000);
    List<FetchPartition> asked = request.topics().get(0).partitions();
    List<FetchPartition> all = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      all.add(asked.get(0).duplicate().setPartition(partition).setPartitionMaxBytes(1));
    }
    request.topics().get(0).setPartitions(all);

    PartitionData first = fetch(request);

    assertThat(values(first)).as("one batch, though more than asked for").hasSize(2);
    assertThat(pages.touches()).as("batches brought into memory").isEqualTo(1);
  }
}
