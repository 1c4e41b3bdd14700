package io.millrace.cluster.local;

import io.millrace.cluster.MetadataLog;
import io.millrace.eventloop.EventLoop;
import io.millrace.metadata.ClusterChange;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.FactRefusedException;
import io.millrace.metadata.MetadataEntry;
import io.millrace.storage.log.LogFiles;
import io.vertx.core.Future;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a local log leads to, without going on from it. Confined to: the control loop. */
public final class LocalImage implements MetadataLog.Applier {
  private static final Logger LOG = LoggerFactory.getLogger(LocalImage.class);

  private ClusterImage image = ClusterImage.EMPTY;

  private LocalImage() {}

  /** The image of the log in that folder; the log is closed again. */
  public static Future<ClusterImage> read(LogFiles files, Path folder, EventLoop control) {
    LocalImage reader = new LocalImage();
    LocalMetadataLog log = new LocalMetadataLog(files, folder, control, Long.MAX_VALUE);
    return log.open(reader).eventually(log::close).map(read -> reader.image);
  }

  @Override
  public void restored(ClusterImage restored) {
    image = restored;
  }

  @Override
  public void committed(long logTerm, MetadataEntry entry) {
    try {
      image = image.apply(logTerm, entry, new ClusterChange.Touched());
    } catch (FactRefusedException refused) {
      LOG.debug("an entry was refused: {}", refused.getMessage());
      image = image.skip();
    }
  }

  @Override
  public void leading(long term) {
    LOG.debug("read up to term {}", term - 1);
  }

  @Override
  public void following() {
    LOG.debug("a local log is followed by nobody");
  }

  @Override
  public void failed(Throwable cause) {
    LOG.warn("the local metadata log failed while it was read", cause);
  }

  @Override
  public ClusterImage image() {
    return image;
  }
}
