package io.millrace.cluster.raft;

import io.millrace.cluster.local.LocalMetadataLog;
import io.millrace.metadata.ClusterImage;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The folders that can hold the metadata log, and which of them is the truth: the Raft log's once
 * it is marked as founded, the local log's otherwise. What a crash left on the way from one to the
 * other is brought to its end, or undone, before anything is opened.
 *
 * <p>Confined to: one piece of work at a time.
 */
public final class MetadataFolders {
  /** Name of the folder of a log of several brokers, in a log folder. */
  public static final String SHARED = RaftFolder.NAME;

  private static final String ASIDE = "-before-raft";
  private static final String RECOVERED = "-recovered";

  private final LogFiles files;
  private final Path local;
  private final Path aside;
  private final Path recovered;
  private final RaftFolder raft;

  /**
   * @param local folder of the local log, in the first log folder; the others lie beside it
   */
  public MetadataFolders(LogFiles files, Path local) {
    this.files = files;
    this.local = local;
    this.aside = local.resolveSibling(local.getFileName() + ASIDE);
    this.recovered = local.resolveSibling(local.getFileName() + RECOVERED);
    this.raft = new RaftFolder(files, local.resolveSibling(RaftFolder.NAME));
  }

  /** Whether the data folder belongs to a cluster of several brokers. */
  public boolean belongToSeveral() throws IOException {
    return raft.isFounded();
  }

  /**
   * How often the metadata in the folder of a log of several was recovered before.
   *
   * @throws IOException when there is none, or it is damaged
   */
  public int recoveries() throws IOException {
    return raft.identity().recoveries();
  }

  RaftFolder raft() {
    return raft;
  }

  /** Settles what is the truth. Returns whether it is the Raft log. */
  boolean begin() throws IOException {
    if (raft.isFounded()) {
      delete(recovered);
      setLocalAside();
      return true;
    }
    raft.delete();
    if (files.exists(recovered)) {
      delete(local);
      rename(recovered, local);
    }
    return false;
  }

  /** The local log is the truth no more: it is kept under another name. Returns whether it was. */
  public boolean setLocalAside() throws IOException {
    if (!files.exists(local)) {
      return false;
    }
    delete(aside);
    rename(local, aside);
    return true;
  }

  /**
   * Makes a local log of an image, which is the truth from then on, and no Raft log any more. A
   * crash leaves the one or the other.
   */
  void recover(ClusterImage image) throws IOException {
    delete(recovered);
    LocalMetadataLog.begin(files, recovered, image);
    raft.delete();
    delete(local);
    rename(recovered, local);
  }

  private void rename(Path from, Path to) throws IOException {
    files.rename(from, to);
    files.forceDirectory(to.toAbsolutePath().getParent());
  }

  private void delete(Path folder) throws IOException {
    if (files.exists(folder)) {
      RaftFolder.deleteTree(files, folder);
    }
  }
}
