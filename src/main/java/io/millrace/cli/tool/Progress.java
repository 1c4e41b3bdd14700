package io.millrace.cli.tool;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far long work has come, with its rate; shown on a terminal only. Thread-safe: {@link #add}
 * may be called from any thread.
 */
public final class Progress implements AutoCloseable {
  /** Work whose end is not known. */
  public static final long ENDLESS = -1;

  private static final int MANY = 50;
  private static final int REFRESH_MS = 200;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /**
   * Begins to show work.
   *
   * @param task what is done, one or two words
   * @param total how many units there are, or {@link #ENDLESS}
   * @param unit word for them, plural ("records")
   */
  public static Progress of(Shell shell, String task, long total, String unit) {
    if (!shell.errIsTerminal()) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setUnit(" " + unit, 1)
            .showSpeed()
            .setUpdateIntervalMillis(REFRESH_MS)
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(shell.err()))
            .build());
  }

  /** The same for work that is only worth showing when there are many units. */
  public static Progress ofMany(Shell shell, String task, int total, String unit) {
    return total < MANY ? new Progress(null) : of(shell, task, total, unit);
  }

  /** Work that is not shown. */
  public static Progress none() {
    return new Progress(null);
  }

  /** Says that so many units more are done. */
  public void add(long units) {
    if (bar != null) {
      bar.stepBy(units);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
