package io.millrace.app;

import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.Work;
import io.millrace.quota.DescriptorRoom;
import io.millrace.quota.OpenFiles;
import java.util.OptionalLong;

/**
 * Counts the open files each second where few may be open, so that clients do not get the last
 * ones. Confined to: the control loop.
 */
final class DescriptorWatch {
  private static final long EVERY_MS = 1_000;

  private final EventLoop control;
  private final DescriptorRoom room;
  private final long limit;

  private DescriptorWatch(EventLoop control, long limit) {
    this.control = control;
    this.limit = limit;
    this.room = new DescriptorRoom(limit);
  }

  /** What clients may take from now on. Reads a file of the kernel, which is no disk. */
  static DescriptorRoom begin(EventLoop control) {
    OptionalLong limit = OpenFiles.lowLimit();
    if (limit.isEmpty()) {
      return DescriptorRoom.UNLIMITED;
    }
    DescriptorWatch watch = new DescriptorWatch(control, limit.getAsLong());
    watch.look();
    return watch.room;
  }

  private void look() {
    control
        .offload(Work.HOUSEKEEPING, OpenFiles::count)
        .otherwise(limit) // there was none left to count them
        .onSuccess(
            open -> {
              room.measured(open);
              control.schedule(EVERY_MS, this::look);
            });
  }
}
