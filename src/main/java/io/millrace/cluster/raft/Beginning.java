package io.millrace.cluster.raft;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ImageCodec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Puts the image together that a Raft log begins with. Pieces of an attempt that another one
 * replaced are forgotten.
 *
 * <p>Confined to: the thread that applies the Raft log.
 */
final class Beginning {
  private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
  private int count;

  void add(RaftRecord.Seed seed) {
    if (seed.number() == 0) {
      pieces.reset();
      count = 0;
    }
    if (seed.number() == count) {
      byte[] bytes = new byte[seed.piece().remaining()];
      seed.piece().get(bytes);
      pieces.writeBytes(bytes);
      count++;
    }
  }

  /** The image, if all of its pieces are there and the record stands in its term. */
  Optional<ClusterImage> end(RaftRecord.Founded founded, long raftTerm) {
    byte[] whole = pieces.toByteArray();
    boolean complete =
        founded.raftTerm() == raftTerm
            && founded.pieces() == count
            && founded.crc() == RaftRecord.crc(whole);
    pieces.reset();
    count = 0;
    return complete ? Optional.of(ImageCodec.decode(ByteBuffer.wrap(whole))) : Optional.empty();
  }
}
