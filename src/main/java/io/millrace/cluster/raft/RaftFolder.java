package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataQuorum.Invitation;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a broker's part in the Raft log: {@code peer}, who it is there; {@code founded},
 * present when the log holds all that was decided before it, so that this folder and no longer the
 * local log is the truth; {@code log}, the files of Ratis.
 *
 * <p>Confined to: one piece of work at a time.
 */
final class RaftFolder {
  /** Name of the folder in the first log folder. */
  static final String NAME = "__cluster_metadata-raft";

  private static final String PEER = "peer";
  private static final String FOUNDED = "founded";
  private static final String LOG = "log";
  private static final String PEER_ID = "peer.id";
  private static final String GROUP_ID = "group.id";
  private static final String RECOVERIES = "recoveries";

  private final LogFiles files;
  private final Path folder;

  /**
   * @param folder folder of the Raft log, {@link #NAME} in the first log folder
   */
  RaftFolder(LogFiles files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /**
   * Who a broker is in a group.
   *
   * @param peerId broker id and a random part: a broker whose folder was lost comes back as another
   *     peer, and is not taken for the one that promised things
   * @param groupId id of the group
   * @param recoveries how often the metadata was recovered before the group was founded; the same
   *     in all images of the group
   */
  record Identity(String peerId, Uuid groupId, int recoveries) {
    /** A new peer of that broker. */
    static Identity create(int brokerId, Uuid random, Uuid groupId, int recoveries) {
      return new Identity(brokerId + "-" + random, groupId, recoveries);
    }

    /** Another peer of the same broker and group. */
    Identity another(Uuid random) {
      return create(broker(), random, groupId, recoveries);
    }

    /** The same peer, in the group that it is invited to. */
    Identity in(Invitation invitation) {
      return new Identity(peerId, invitation.groupId(), invitation.recoveries());
    }

    int broker() {
      return brokerId(peerId);
    }

    /** Id of the broker that a peer belongs to. */
    static int brokerId(String peerId) {
      return Integer.parseInt(peerId.substring(0, peerId.indexOf('-', 1)));
    }
  }

  /** Whether this folder is the truth on the cluster's metadata. */
  boolean isFounded() throws IOException {
    return files.exists(folder.resolve(FOUNDED));
  }

  /** Makes an empty folder for that peer; what was in it is deleted. */
  void create(Identity identity) throws IOException {
    delete();
    files.createDirectories(folder.resolve(LOG));
    String content =
        line(PEER_ID, identity.peerId())
            + line(GROUP_ID, identity.groupId())
            + line(RECOVERIES, identity.recoveries());
    files.writeAtomically(folder.resolve(PEER), content.getBytes(StandardCharsets.UTF_8));
    files.forceDirectory(folder.toAbsolutePath().getParent());
  }

  private static String line(String key, Object value) {
    return key + "=" + value + "\n";
  }

  /** Who this broker is. */
  Identity identity() throws IOException {
    Properties content = new Properties();
    byte[] bytes = files.readAll(folder.resolve(PEER));
    content.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
    String peerId = content.getProperty(PEER_ID);
    String groupId = content.getProperty(GROUP_ID);
    if (peerId == null || groupId == null) {
      throw damaged(null);
    }
    try {
      int recoveries = Integer.parseInt(content.getProperty(RECOVERIES, "0"));
      return new Identity(peerId, Uuid.fromString(groupId), recoveries);
    } catch (IllegalArgumentException e) {
      throw damaged(e);
    }
  }

  private IOException damaged(@Nullable Throwable cause) {
    return new IOException("the file " + folder.resolve(PEER) + " is damaged", cause);
  }

  /** From here on this folder is the truth. */
  void markFounded() throws IOException {
    files.writeAtomically(folder.resolve(FOUNDED), new byte[0]);
  }

  /** Where Ratis keeps its files. */
  Path log() {
    return folder.resolve(LOG);
  }

  /** Bytes that its disk can take. */
  long usableBytes() throws IOException {
    return files.usableBytes(folder);
  }

  /**
   * Deletes everything; the mark goes first, so that a crash leaves no half of a truth. Returns
   * whether there was anything.
   */
  boolean delete() throws IOException {
    boolean exists = files.exists(folder);
    if (exists) {
      files.delete(folder.resolve(FOUNDED));
      files.forceDirectory(folder);
      deleteTree(files, folder);
    }
    return exists;
  }

  /** Deletes a folder and all in it. */
  static void deleteTree(LogFiles files, Path path) throws IOException {
    if (path.toFile().isDirectory()) {
      for (Path child : files.list(path)) {
        deleteTree(files, child);
      }
    }
    files.delete(path);
  }
}
