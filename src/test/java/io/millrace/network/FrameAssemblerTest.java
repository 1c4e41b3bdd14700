package io.millrace.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random streams of frames, cut at random places, through windows and other buffers. */
class FrameAssemblerTest {
  private static final int FRAME_MAX = 64 * 1024;
  private static final int FRAMES = 30;

  /** Of one arena and without caches, so that it knows what was not given back. */
  private static final PooledByteBufAllocator ALLOCATOR =
      new PooledByteBufAllocator(true, 0, 1, 8192, 3, 0, 0, false);

  private final MemoryBudget budget = new MemoryBudget(FRAME_MAX);
  private final FrameAssembler assembler = new FrameAssembler(FRAME_MAX, budget, this::wake);

  /** As the connection keeps them: what was received and waits. */
  private final ArrayDeque<ByteBuf> received = new ArrayDeque<>();

  /** As handlers keep them: frames whose requests are not done. */
  private final ArrayDeque<Frame> held = new ArrayDeque<>();

  private final List<byte[]> assembled = new ArrayList<>();
  private int windowsUsed;
  private boolean woken;

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  private void wake() {
    woken = true;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void makesTheFramesThatWereSent(long seed) {
    Random random = new Random(seed);
    List<byte[]> sent = frames(random);
    ByteBuf stream = Unpooled.buffer();
    sent.forEach(frame -> stream.writeInt(frame.length).writeBytes(frame));
    while (stream.isReadable() || !received.isEmpty()) {
      if (received.isEmpty()) {
        received.add(assembler.fill(ALLOCATOR, socketRead(stream, random)));
      }
      take(random);
    }
    held.forEach(Frame::release);

    assertThat(assembled).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      assertThat(assembled.get(i)).as("frame %d", i).isEqualTo(sent.get(i));
    }
    assertThat(windowsUsed).isPositive();
    assertThat(assembler.isPartial()).isFalse();
    assertThat(budget.usedBytes()).isZero();
    assertThat(buffersOfTheAllocator()).isZero();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void givesEverythingBackWhenTheConnectionEndsAnywhere(long seed) {
    Random random = new Random(seed);
    ByteBuf stream = Unpooled.buffer();
    frames(random).forEach(frame -> stream.writeInt(frame.length).writeBytes(frame));
    stream.writerIndex(random.nextInt(stream.readableBytes()));
    while (stream.isReadable()) {
      if (received.isEmpty()) {
        received.add(assembler.fill(ALLOCATOR, socketRead(stream, random)));
      }
      take(random);
    }
    // As Netty does when the read behind the last byte finds the end.
    ByteBuf window = assembler.window();
    if (window != null) {
      window.release();
    }
    received.forEach(ByteBuf::release);
    assembler.close();
    held.forEach(Frame::release);

    assertThat(budget.usedBytes()).isZero();
    assertThat(buffersOfTheAllocator()).isZero();
  }

  private static List<byte[]> frames(Random random) {
    List<byte[]> frames = new ArrayList<>();
    while (frames.size() < FRAMES) {
      int near = FrameAssembler.WINDOW_BYTES_MIN - 20 + random.nextInt(40);
      int size =
          switch (random.nextInt(4)) {
            case 0 -> near;
            case 1 -> 8 + random.nextInt(600);
            default -> 8 + random.nextInt(FRAME_MAX - 8);
          };
      byte[] frame = new byte[size];
      random.nextBytes(frame);
      frames.add(frame);
    }
    return frames;
  }

  /** Into the window where there is one, save now and then; as much as happened to have come. */
  private ByteBuf socketRead(ByteBuf stream, Random random) {
    ByteBuf window = random.nextInt(8) == 0 ? null : assembler.window();
    if (window != null && random.nextInt(8) == 0) {
      // A read that finds nothing.
      window.release();
      window = assembler.window();
    }
    ByteBuf into = window != null ? window : ALLOCATOR.directBuffer(4096, 4096);
    windowsUsed += window != null ? 1 : 0;
    int come = random.nextInt(4) == 0 ? 1 + random.nextInt(12) : 1 + random.nextInt(FRAME_MAX);
    int length = Math.min(stream.readableBytes(), Math.min(into.writableBytes(), come));
    return into.writeBytes(stream, length);
  }

  /** Frames are kept for a while, so that others wait for their memory. */
  private void take(Random random) {
    ByteBuf bytes;
    while ((bytes = received.peek()) != null) {
      if (assembler.waits()) {
        held.remove().release();
        if (woken) {
          woken = false;
          assembler.wakeUp();
        }
        continue;
      }
      Frame frame = assembler.read(ALLOCATOR, bytes);
      if (!bytes.isReadable() && !assembler.waits()) {
        received.remove().release();
      }
      if (frame != null) {
        assembled.add(ByteBufUtil.getBytes(frame.bytes()));
        held.add(frame);
        while (random.nextInt(3) == 0 && !held.isEmpty()) {
          held.remove().release();
        }
      }
    }
  }

  private static long buffersOfTheAllocator() {
    return ALLOCATOR.metric().directArenas().stream()
        .mapToLong(arena -> arena.numActiveAllocations())
        .sum();
  }
}
