package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.partition.FetchExtras.Place;
import io.millrace.partition.FetchExtras.Window;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;

class FetchExtrasTest {
  private static final short VERSION = 17;

  private static FetchRequestData sent(FetchRequestData request) {
    return new FetchRequestData(
        new ByteBufferAccessor(MessageUtil.toByteBufferAccessor(request, VERSION).buffer()),
        VERSION);
  }

  private static FetchRequestData naming(FetchPartition partition) {
    FetchRequestData request = new FetchRequestData();
    FetchTopic topic = new FetchTopic();
    topic.partitions().add(partition);
    request.topics().add(topic);
    return request;
  }

  @Test
  void aWindowArrives() {
    FetchRequestData request = new FetchRequestData();
    FetchExtras.put(request, new Window(10, 25));

    assertThat(FetchExtras.window(sent(request))).isEqualTo(new Window(10, 25));
  }

  @Test
  void whatAPlaceMeansArrives() {
    for (Place place : Place.values()) {
      FetchPartition partition = new FetchPartition().setPartition(3);
      FetchExtras.put(partition, place);

      FetchPartition arrived = sent(naming(partition)).topics().get(0).partitions().get(0);
      assertThat(FetchExtras.place(arrived)).isEqualTo(place);
    }
  }

  @Test
  void whoSaysNothingOfItAsksAsBefore() {
    FetchRequestData request = naming(new FetchPartition());

    assertThat(FetchExtras.window(sent(request))).isEqualTo(Window.ONE);
    assertThat(FetchExtras.place(request.topics().get(0).partitions().get(0)))
        .isEqualTo(Place.ALONE);
  }

  @Test
  void theTimeAtTheLeaderArrives() {
    FetchResponseData response = new FetchResponseData();
    assertThat(FetchExtras.heldMs(response)).isNegative();
    FetchExtras.putHeld(response, 400);

    FetchResponseData arrived =
        new FetchResponseData(
            new ByteBufferAccessor(MessageUtil.toByteBufferAccessor(response, VERSION).buffer()),
            VERSION);
    assertThat(FetchExtras.heldMs(arrived)).isEqualTo(400);
  }
}
