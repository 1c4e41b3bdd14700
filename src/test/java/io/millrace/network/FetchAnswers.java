package io.millrace.network;

import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.record.internal.BaseRecords;

/** Answers of Fetch around given records. */
final class FetchAnswers {
  private FetchAnswers() {}

  /** One partition for each records. */
  static FetchResponseData with(BaseRecords... records) {
    FetchResponseData.FetchableTopicResponse topic =
        new FetchResponseData.FetchableTopicResponse().setTopic("t");
    for (int i = 0; i < records.length; i++) {
      topic
          .partitions()
          .add(new FetchResponseData.PartitionData().setPartitionIndex(i).setRecords(records[i]));
    }
    return new FetchResponseData().setResponses(List.of(topic));
  }
}
