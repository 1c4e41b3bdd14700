package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.protocol.FileRecords;
import io.millrace.testkit.NettyLeaks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordsSend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that lie in files reach the socket as they are, and are given back exactly once. */
class FileAnswersTest {
  private static final short VERSION = 12;

  @RegisterExtension static final NettyLeaks LEAKS = new NettyLeaks();

  @TempDir Path folder;
  private FileChannel file;
  private byte[] content;
  private final AtomicInteger held = new AtomicInteger();

  /** A region of the file; {@code real} says whether the kernel can send it. */
  private record Region(long position, int sizeInBytes, boolean real) implements BaseRecords {
    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void write() throws IOException {
    content = new byte[3_000_000];
    new Random(7).nextBytes(content);
    Path path = Files.write(folder.resolve("0.log"), content);
    file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  private @Nullable FileRecords source(BaseRecords records) {
    if (!(records instanceof Region region)) {
      return null;
    }
    return new FileRecords() {
      @Override
      public @Nullable FileChannel channel() {
        return region.real ? file : null;
      }

      @Override
      public long position() {
        return region.position;
      }

      @Override
      public int sizeInBytes() {
        return region.sizeInBytes;
      }

      @Override
      public void copyTo(ByteBuffer target) {
        try {
          if (file.read(target, region.position) < region.sizeInBytes) {
            throw new EOFException();
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void release() {
        held.decrementAndGet();
      }
    };
  }

  private Region region(long position, int size, boolean real) {
    held.incrementAndGet();
    return new Region(position, size, real);
  }

  private ServerFixture serverOf(Stub<FetchRequestData> fetch) {
    return new ServerFixture(ServerFixture.SETTINGS, this::source, fetch);
  }

  @Test
  void sendsRegionsAndBuffersAsOneFrameAndGivesThemBack() throws Exception {
    byte[] inMemory = {1, 2, 3, 4, 5};
    Stub<FetchRequestData> fetch =
        new Stub<>(
            ApiKeys.FETCH,
            (context, request) ->
                Future.succeededFuture(
                    FetchAnswers.with(
                        region(17, 2_000_000, true),
                        MemoryRecords.readableRecords(ByteBuffer.wrap(inMemory)),
                        region(5, 100_000, false),
                        MemoryRecords.EMPTY,
                        region(2_000_000, 0, true),
                        region(7, 16 * 1024, true),
                        region(8, 16 * 1024 + 1, true),
                        region(2_999_000, 1000, true),
                        region(2_999_000, 900, false))));
    try (ServerFixture server = serverOf(fetch);
        WireClient client = server.connect()) {
      for (int round = 0; round < 3; round++) {
        FetchResponseData answer = (FetchResponseData) client.call(new FetchRequestData(), VERSION);
        assertThat(bytes(answer, 0)).isEqualTo(ByteBuffer.wrap(content, 17, 2_000_000));
        assertThat(bytes(answer, 1)).isEqualTo(ByteBuffer.wrap(inMemory));
        assertThat(bytes(answer, 2)).isEqualTo(ByteBuffer.wrap(content, 5, 100_000));
        assertThat(bytes(answer, 3).remaining()).isZero();
        assertThat(bytes(answer, 4).remaining()).isZero();
        assertThat(bytes(answer, 5)).isEqualTo(ByteBuffer.wrap(content, 7, 16 * 1024));
        assertThat(bytes(answer, 6)).isEqualTo(ByteBuffer.wrap(content, 8, 16 * 1024 + 1));
        assertThat(bytes(answer, 7)).isEqualTo(ByteBuffer.wrap(content, 2_999_000, 1000));
        assertThat(bytes(answer, 8)).isEqualTo(ByteBuffer.wrap(content, 2_999_000, 900));
      }
      await().until(() -> held.get() == 0);
      assertThat(file.isOpen()).isTrue();
    }
  }

  @Test
  void sendsSmallRegionsThatAreManyAsTheyAre() throws Exception {
    int[] sizes = {16_000, 16_384, 9_000, 16_384, 16_384, 16_384, 16_384, 16_384, 16_384, 3_000, 1};
    Stub<FetchRequestData> fetch =
        new Stub<>(
            ApiKeys.FETCH,
            (context, request) ->
                Future.succeededFuture(
                    FetchAnswers.with(
                        IntStream.range(0, sizes.length)
                            .mapToObj(i -> region(i, sizes[i], true))
                            .toArray(BaseRecords[]::new))));
    try (ServerFixture server = serverOf(fetch);
        WireClient client = server.connect()) {
      FetchResponseData answer = (FetchResponseData) client.call(new FetchRequestData(), VERSION);
      for (int i = 0; i < sizes.length; i++) {
        assertThat(bytes(answer, i)).isEqualTo(ByteBuffer.wrap(content, i, sizes[i]));
      }
      await().until(() -> held.get() == 0);
    }
  }

  private static ByteBuffer bytes(FetchResponseData answer, int partition) {
    BaseRecords records = answer.responses().get(0).partitions().get(partition).records();
    return ((MemoryRecords) records).buffer();
  }

  @Test
  void givesRegionsBackWhenThePeerNeverReads() throws Exception {
    Stub<FetchRequestData> fetch =
        new Stub<>(
            ApiKeys.FETCH,
            (context, request) ->
                Future.succeededFuture(FetchAnswers.with(region(0, 3_000_000, true))));
    try (ServerFixture server = serverOf(fetch)) {
      try (WireClient deaf = new WireClient(server.port(), 4096)) {
        for (int i = 0; i < 300; i++) {
          deaf.send(new FetchRequestData(), VERSION, i);
        }
        await().until(() -> held.get() == Connection.UNSENT_MAX);
      }
      await().until(() -> held.get() == 0);
    }
  }

  @Test
  void givesRegionsBackThatAreReadyAfterTheConnectionEnded() throws Exception {
    BlockingQueue<Promise<ApiMessage>> waiting = new LinkedBlockingQueue<>();
    Stub<FetchRequestData> fetch =
        new Stub<>(
            ApiKeys.FETCH,
            (context, request) -> {
              Promise<ApiMessage> answer = Promise.promise();
              waiting.add(answer);
              return answer.future();
            });
    try (ServerFixture server = serverOf(fetch)) {
      try (WireClient client = server.connect()) {
        client.send(new FetchRequestData(), VERSION, 1);
        client.send(new FetchRequestData(), VERSION, 2);
        Promise<ApiMessage> first = waiting.poll(5, TimeUnit.SECONDS);
        waiting.poll(5, TimeUnit.SECONDS).complete(FetchAnswers.with(region(0, 10, true)));
        waiting.add(first);
      }
      await().until(() -> server.metrics.snapshot().get("network.connections") == 0);
      waiting.poll(5, TimeUnit.SECONDS).complete(FetchAnswers.with(region(0, 10, true)));
      await().until(() -> held.get() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 100_000})
  void closesTheConnectionWhenTheFileIsShorterThanItsRegion(int size) throws Exception {
    Stub<FetchRequestData> fetch =
        new Stub<>(
            ApiKeys.FETCH,
            (context, request) ->
                Future.succeededFuture(
                    FetchAnswers.with(region(2_999_990, size, true), region(0, 10, true))));
    try (ServerFixture server = serverOf(fetch);
        WireClient client = server.connect()) {
      client.send(new FetchRequestData(), VERSION, 1);
      await().until(() -> held.get() == 0);
      await().until(() -> server.metrics.snapshot().get("network.connections") == 0);
    }
  }
}
