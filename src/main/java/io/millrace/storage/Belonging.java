package io.millrace.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Whose the data folders are, by what the broker keeps beside its logs. Immutable.
 *
 * @param clusterId id of the cluster
 * @param nodeId id of the broker; -1 when it cannot be told
 */
public record Belonging(String clusterId, int nodeId) {

  /** Where it can be read when all folders have lost {@code meta.properties}. */
  @FunctionalInterface
  public interface Source {
    /** Tells nothing. */
    Source NONE = () -> null;

    /**
     * Reads it; blocks. Called on a worker, with all folders locked.
     *
     * @return null when nothing is kept
     * @throws IOException when it cannot be read
     */
    @Nullable Belonging read() throws IOException;
  }
}
