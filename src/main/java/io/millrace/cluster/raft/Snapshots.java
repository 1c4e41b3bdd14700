package io.millrace.cluster.raft;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ImageCodec;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;

/**
 * Images in files of their own, named by their place in the log: format (1 byte), what is added to
 * the term of Raft (8), the image. Ratis checks them by MD5 and sends them to members that are far
 * behind.
 *
 * <p>Confined to: the thread of Ratis that applies, save what Ratis reads.
 */
final class Snapshots extends SimpleStateMachineStorage {
  private static final byte FORMAT = 1;
  private static final int PREFIX = 1 + 8;

  /** How Ratis names files of entries: by the index of the first one. */
  private static final Pattern SEGMENT = Pattern.compile("log(?:_inprogress)?_(\\d+)(?:-\\d+)?");

  private Path log;

  /**
   * What a snapshot holds.
   *
   * @param position place of the last entry in it
   * @param termBase what is added to the term of Raft
   * @param image the image
   */
  record Content(TermIndex position, long termBase, ClusterImage image) {}

  /** Stores a snapshot; it is on the disk when this returns. */
  void save(Content content) throws IOException {
    TermIndex position = content.position();
    File file = getSnapshotFile(position.getTerm(), position.getIndex());
    Path temporary = file.toPath().resolveSibling(file.getName() + ".tmp");
    byte[] image = ImageCodec.encode(content.image());
    ByteBuffer bytes = ByteBuffer.allocate(PREFIX + image.length);
    bytes.put(FORMAT).putLong(content.termBase()).put(image).flip();
    write(temporary, bytes);
    Files.move(temporary, file.toPath(), StandardCopyOption.ATOMIC_MOVE);
    MD5Hash hash = MD5FileUtil.computeMd5ForFile(file);
    MD5FileUtil.saveMD5File(file, hash);
    forceFolder(file.toPath().toAbsolutePath().getParent());
    updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file.toPath(), hash), position));
  }

  private static void write(Path file, ByteBuffer bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void init(RaftStorage storage) throws IOException {
    super.init(storage);
    log = storage.getStorageDir().getCurrentDir().toPath();
  }

  /** Entries that neither a snapshot nor the log has are lost: what is behind them says nothing. */
  private void requireEntriesFrom(long index) throws IOException {
    try (Stream<Path> files = Files.list(log)) {
      OptionalLong first =
          files
              .map(file -> SEGMENT.matcher(file.getFileName().toString()))
              .filter(Matcher::matches)
              .mapToLong(name -> Long.parseLong(name.group(1)))
              .min();
      if (first.isPresent() && first.getAsLong() > index) {
        throw new IOException(
            "a snapshot of the cluster's metadata is missing: the log in "
                + log
                + " begins at entry "
                + first.getAsLong()
                + ", and no snapshot goes up to there");
      }
    }
  }

  /**
   * Reads the newest snapshot, if there is one.
   *
   * @throws IOException when it is damaged or written by a newer version
   */
  Optional<Content> load() throws IOException {
    SingleFileSnapshotInfo latest = loadLatestSnapshot();
    if (latest == null) {
      requireEntriesFrom(0);
      return Optional.empty();
    }
    requireEntriesFrom(latest.getIndex() + 1);
    Path file = latest.getFile().getPath();
    MD5Hash written = latest.getFile().getFileDigest();
    if (written != null && !written.equals(MD5FileUtil.computeMd5ForFile(file.toFile()))) {
      throw new IOException("the snapshot of the cluster's metadata is damaged: " + file);
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    if (bytes.remaining() < PREFIX) {
      throw new IOException("the snapshot of the cluster's metadata is damaged: " + file);
    }
    byte format = bytes.get();
    if (format != FORMAT) {
      throw new IOException(
          "a snapshot of format " + format + ": written by a newer version: " + file);
    }
    return Optional.of(
        new Content(latest.getTermIndex(), bytes.getLong(), ImageCodec.decode(bytes.slice())));
  }
}
