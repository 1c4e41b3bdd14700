package io.millrace.storage.log;

/** Tells a disk that is full from other reasons why a write failed. */
public final class NoRoom {
  /** A disk with less free counts as full, in bytes: files are begun with a quarter of that. */
  public static final long BELOW_BYTES = 1 << 20;

  private NoRoom() {}

  /**
   * Whether the system's words for it are in a fault or its causes. They must do where room may
   * have come back before anybody measures.
   */
  public static boolean isSaidBy(Throwable fault) {
    for (Throwable each = fault; each != null; each = each.getCause()) {
      String message = String.valueOf(each.getMessage());
      if (message.contains("No space left") || message.contains("Disk quota exceeded")) {
        return true;
      }
    }
    return false;
  }
}
