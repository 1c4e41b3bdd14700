package io.millrace.bench.inner;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.message.ProduceRequestData;
import org.junit.jupiter.api.Test;

/** Each bench of an inner step does its work once; how long it takes is not looked at. */
class InnerBenchesTest {
  @Test
  void decodesEveryPartitionOfTheRequest() {
    DecodeProduceBench bench = new DecodeProduceBench();
    bench.partitions = 6;
    bench.encode();
    ProduceRequestData request = bench.decode();
    assertThat(request.topicData().iterator().next().partitionData()).hasSize(6);
    assertThat(bench.decode()).isEqualTo(request);
    bench.release();
  }

  @Test
  void checksTheBatchAsItIs() throws Exception {
    ValidateBatchBench bench = new ValidateBatchBench();
    bench.build();
    var checked = bench.check();
    assertThat(checked.recompressed()).isFalse();
    assertThat(checked.batch().remaining()).isBetween(15 << 10, 17 << 10);
    assertThat(bench.crc()).isEqualTo(checked.batch().getInt(17) & 0xffffffffL);
  }

  @Test
  void appendsBehindWhatIsThereAndFindsIt() throws Exception {
    LogBench bench = new LogBench();
    bench.batches = 3;
    bench.open();
    assertThat(bench.append().baseOffset()).isEqualTo(45);
    assertThat(bench.lookUp()).isBetween(0L, 4L * (17 << 10));
    bench.remove();
  }

  @Test
  void encodesEveryRecordOfTheBatch() {
    EncodeFramesBench bench = new EncodeFramesBench();
    bench.build();
    assertThat(bench.json()).isGreaterThan(80 * 200);
    assertThat(bench.binary()).isGreaterThan(80 * 200);
  }
}
