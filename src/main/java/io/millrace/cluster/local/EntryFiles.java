package io.millrace.cluster.local;

import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.FactCodec;
import io.millrace.metadata.ImageCodec;
import io.millrace.metadata.MetadataEntry;
import io.millrace.storage.log.LogFile;
import io.millrace.storage.log.LogFiles;
import io.millrace.storage.log.NoRoom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of the local log: {@code snapshot}, an image, and behind it the entries, in files named
 * by the index of their first entry. All but the newest file are whole; the newest may end in what
 * a crash left of the last write, which was never reported and is cut off. Each write begins with a
 * frame of its own, without content, so that it is known what the last write was. A clean stop
 * leaves {@code end}, a frame without content that names the last entry: a log that ends before it
 * has lost some.
 *
 * <p>Confined to: one piece of offloaded work at a time.
 */
final class EntryFiles {
  private static final String SNAPSHOT = "snapshot";
  private static final String END = "end";
  private static final String SUFFIX = ".log";

  private final LogFiles files;
  private final Path folder;

  // Owner: the work under way.
  private @Nullable LogFile newest;
  private long end;
  private long index;

  EntryFiles(LogFiles files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /**
   * What was in the log.
   *
   * @param snapshot the image to begin with
   * @param entries the entries behind it
   * @param sizeBytes their size in the files
   */
  record Content(ClusterImage snapshot, List<MetadataEntry> entries, long sizeBytes) {}

  /**
   * Reads everything, cuts a torn tail, and opens the newest file for appending.
   *
   * @throws IOException when a file cannot be read, or is damaged where no crash damages it
   */
  Content load() throws IOException {
    createFolder();
    ClusterImage snapshot = readSnapshot();
    index = snapshot.index();
    List<MetadataEntry> entries = new ArrayList<>();
    long sizeBytes = 0;
    List<Path> logs = logs();
    for (Path log : logs) {
      boolean isNewest = log.equals(logs.get(logs.size() - 1));
      sizeBytes += read(log, isNewest, entries);
    }
    checkEnd();
    if (logs.isEmpty()) {
      startFile();
    }
    return new Content(snapshot, entries, sizeBytes);
  }

  /** Makes a folder whose log begins with an image. */
  static void begin(LogFiles files, Path folder, ClusterImage image) throws IOException {
    EntryFiles made = new EntryFiles(files, folder);
    made.createFolder();
    ByteBuffer frame = EntryFrame.encode(image.index(), ImageCodec.encode(image));
    files.writeAtomically(folder.resolve(SNAPSHOT), frame.array());
  }

  private void createFolder() throws IOException {
    if (!files.exists(folder)) {
      files.createDirectories(folder);
      files.forceDirectory(folder.toAbsolutePath().getParent());
    }
  }

  private ClusterImage readSnapshot() throws IOException {
    Path file = folder.resolve(SNAPSHOT);
    if (!files.exists(file)) {
      return ClusterImage.EMPTY;
    }
    EntryFrame frame = EntryFrame.next(ByteBuffer.wrap(files.readAll(file)));
    if (frame == null) {
      throw new IOException("the snapshot of the cluster's metadata is damaged: " + file);
    }
    return ImageCodec.decode(frame.content());
  }

  /** Stays valid for all that is appended later. One that cannot be read says nothing. */
  private void checkEnd() throws IOException {
    Path file = folder.resolve(END);
    if (!files.exists(file)) {
      return;
    }
    EntryFrame frame = EntryFrame.next(ByteBuffer.wrap(files.readAll(file)));
    if (frame != null && frame.index() > index) {
      throw new IOException(
          "entries "
              + (index + 1)
              + " to "
              + frame.index()
              + " of the cluster's metadata are missing at the end of "
              + folder);
    }
  }

  /** Notes where the log ends, at a stop at which all of it is on the disk. */
  void noteEnd() throws IOException {
    files.writeAtomically(folder.resolve(END), EntryFrame.encode(index, new byte[0]).array());
  }

  private List<Path> logs() throws IOException {
    return files.list(folder).stream()
        .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
        .sorted()
        .toList();
  }

  private long read(Path log, boolean isNewest, List<MetadataEntry> entries) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(files.readAll(log));
    long sizeBytes = 0;
    int at = bytes.position();
    EntryFrame frame;
    while ((frame = EntryFrame.next(bytes)) != null) {
      boolean begins = !frame.content().hasRemaining();
      long before = begins ? frame.index() : frame.index() - 1;
      if (before > index) {
        throw new IOException(
            "entries "
                + (index + 1)
                + " to "
                + before
                + " of the cluster's metadata are missing before byte "
                + at
                + " of "
                + log);
      }
      if (!begins && frame.index() == index + 1) {
        entries.add(FactCodec.decode(frame.content()));
        index = frame.index();
        sizeBytes += bytes.position() - at;
      }
      at = bytes.position();
    }
    // A round begins when the one before it is on the disk: what is broken in front of a later one
    // was whole once, and is no crash's.
    if (isNewest && !EntryFrame.roundBeginsBehind(bytes)) {
      openNewest(log, at, bytes.hasRemaining());
    } else if (bytes.hasRemaining()) {
      throw new IOException("the cluster's metadata is damaged at byte " + at + " of " + log);
    }
    return sizeBytes;
  }

  private void openNewest(Path log, long size, boolean torn) throws IOException {
    LogFile file = files.open(log, false);
    if (torn) {
      file.truncate(size);
    }
    // The last round may be whole without having been forced; from here on it counts.
    file.force();
    newest = file;
    end = size;
  }

  /** Its number has 20 digits, so that names are in the order of their entries. */
  private Path fileOfNext() {
    String number = Long.toString(index + 1);
    return folder.resolve("0".repeat(20 - number.length()) + number + SUFFIX);
  }

  private void startFile() throws IOException {
    Path file = fileOfNext();
    LogFile started = files.open(file, !files.exists(file));
    files.forceDirectory(folder);
    if (newest != null) {
      newest.close();
    }
    newest = started;
    end = 0;
  }

  /**
   * Appends entries with one write and waits until they are on the disk. Returns their size.
   *
   * @throws NoRoomException the disk is full, and the files are as before
   */
  long append(List<MetadataEntry> entries) throws IOException {
    ByteBuffer[] frames = new ByteBuffer[1 + entries.size()];
    frames[0] = EntryFrame.begin(index);
    long size = frames[0].remaining();
    for (int i = 1; i < frames.length; i++) {
      frames[i] = EntryFrame.encode(index + i, FactCodec.encode(entries.get(i - 1)));
      size += frames[i].remaining();
    }
    LogFile file = open();
    try {
      file.write(frames, end);
    } catch (IOException e) {
      throw isFull(e) ? new NoRoomException(e) : e;
    }
    file.force(); // what fails here is never tried again, whatever the reason
    end += size;
    index += entries.size();
    return size;
  }

  private boolean isFull(IOException fault) throws IOException {
    return NoRoom.isSaidBy(fault) || files.usableBytes(folder) < NoRoom.BELOW_BYTES;
  }

  /**
   * Replaces all entries so far by the image that they led to, and starts a new file.
   *
   * @throws NoRoomException the disk is full, and the files are as before
   */
  void snapshot(ClusterImage image) throws IOException {
    if (image.index() != index) {
      throw new IOException("an image at " + image.index() + " for a log that ends at " + index);
    }
    ByteBuffer frame = EntryFrame.encode(index, ImageCodec.encode(image));
    try {
      files.writeAtomically(folder.resolve(SNAPSHOT), frame.array());
    } catch (IOException e) {
      throw isFull(e) ? new NoRoomException(e) : e;
    }
    List<Path> old = logs();
    startFile();
    Path current = fileOfNext();
    for (Path log : old) {
      if (!log.equals(current)) {
        files.delete(log);
      }
    }
  }

  private LogFile open() throws IOException {
    LogFile file = newest;
    if (file == null) {
      throw new IOException("the log of the cluster's metadata is closed");
    }
    return file;
  }

  void close() throws IOException {
    LogFile file = newest;
    newest = null;
    if (file != null) {
      file.close();
    }
  }
}
