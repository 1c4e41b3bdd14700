package io.millrace.cluster.local;

import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.FactRefusedException;
import io.millrace.metadata.MetadataEntry;
import io.millrace.storage.log.LogFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a local log leads to, without going on from it. Stateless. */
public final class LocalImage {
  private static final Logger LOG = LoggerFactory.getLogger(LocalImage.class);

  private LocalImage() {}

  /**
   * The image of the log in that folder; blocks. The log is closed again.
   *
   * @throws IOException when it cannot be read, or is damaged
   */
  public static ClusterImage read(LogFiles files, Path folder) throws IOException {
    EntryFiles log = new EntryFiles(files, folder);
    try {
      EntryFiles.Content content = log.load();
      ClusterImage image = content.snapshot();
      for (MetadataEntry entry : content.entries()) {
        image = after(image, entry);
      }
      return image;
    } finally {
      log.close();
    }
  }

  private static ClusterImage after(ClusterImage image, MetadataEntry entry) {
    try {
      return image.apply(entry.term(), entry, new ClusterChange.Touched());
    } catch (FactRefusedException refused) {
      LOG.debug("an entry was refused: {}", refused.getMessage());
      return image.skip();
    }
  }
}
