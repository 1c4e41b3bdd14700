package io.millrace.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.status.NopStatusListener;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.BasicMarkerFactory;

/**
 * Sets up logging by code, since reading an XML file would cost a good part of the start: to the
 * console, and to a rolling {@code logs/server.log}. A {@code -Dlogback.configurationFile} goes
 * before all of it. A thread of its own writes, so that no event loop waits for a terminal.
 * Thread-safe.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String FOLDER = "millrace.log.dir";
  private static final String ERRORS_ONLY = "stderr:";
  private static final Marker FILE_ONLY = new BasicMarkerFactory().getDetachedMarker("FILE_ONLY");

  /** Marks the event that is not written, but tells that those before it are. */
  private static final Marker SETTLE = new BasicMarkerFactory().getDetachedMarker("SETTLE");

  private static final AtomicReference<@Nullable CountDownLatch> SETTLING = new AtomicReference<>();

  /** Whether events go through the queue of this class, and not through somebody's own set-up. */
  private static volatile boolean queueing;

  private static final int QUEUE_SIZE = 2048;
  private static final int OLD_FILES = 5;
  private static final long FILE_BYTES = 20L << 20;

  /** Called by Logback when the first logger is asked for. */
  public LogSetup() {}

  /** Takes over logging; must run before the first logger is asked for. */
  static void toConsole() {
    System.setProperty(FOLDER, "");
  }

  /** As {@link #toConsole}, and to {@code server.log} in a folder. */
  static void toConsoleAndFile(Path folder) {
    System.setProperty(FOLDER, folder.toString());
  }

  /** Only what is wrong, to the error stream: for tools, whose output belongs to their result. */
  static void toErrors() {
    System.setProperty(FOLDER, ERRORS_ONLY);
  }

  /** Notes in the file what the console is told in another way, writes out, and ends logging. */
  static void noteInFile(String sentence) {
    LoggerFactory.getLogger("millrace").error(FILE_ONLY, sentence);
    flush();
  }

  /**
   * Waits until all that was logged before is written, so that who is told of a start next finds it
   * in the log; for at most a second, should the disk or the terminal be slow.
   */
  static void settle() {
    if (!queueing) {
      return;
    }
    CountDownLatch written = new CountDownLatch(1);
    SETTLING.set(written);
    LoggerFactory.getLogger("millrace").info(SETTLE, "");
    try {
      if (!written.await(1, TimeUnit.SECONDS)) {
        SETTLING.set(null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes out what waits. Nothing is logged afterwards. */
  static void flush() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    String folder = System.getProperty(FOLDER);
    if (folder == null || System.getProperty("logback.configurationFile") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    context.getStatusManager().add(new NopStatusListener());
    if (folder.equals(ERRORS_ONLY)) {
      addErrorStream(context);
      return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
    Tee tee = new Tee();
    tee.setContext(context);
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    context.getLogger("org.apache.kafka").setLevel(Level.WARN);
    context.getLogger("io.netty").setLevel(Level.WARN);
    // A client that comes while the doors close is turned away, which is no fault.
    context.getLogger("io.netty.bootstrap.ServerBootstrap").setLevel(Level.ERROR);
    // Without a network card it takes random bytes for its ids instead, which nobody has to know.
    context.getLogger("io.netty.util.internal.MacAddressUtil").setLevel(Level.ERROR);
    // What befalls the meeting of brokers is told by the broker, once and in words.
    context.getLogger("com.hazelcast").setLevel(Level.OFF);
    context.getLogger("org.apache.ratis").setLevel(Level.OFF);
    context.getLogger("io.vertx.spi.cluster.hazelcast").setLevel(Level.OFF);
    context.getLogger("io.vertx.core.impl.VertxImpl").setLevel(Level.OFF);
    String problem = folder.isEmpty() ? null : addFile(context, tee, Path.of(folder));
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.addFilter(new NotFileOnly());
    tee.targets.add(started(context, console, LogLayout.forConsole()));
    tee.start();
    root.addAppender(queued(context, tee));
    if (problem != null) {
      root.warn(problem);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static void addErrorStream(LoggerContext context) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setTarget("System.err");
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    // What fails inside the admin client is the result of a request, which the tool tells itself;
    // and what it says about settings that it does not know concerns nobody here.
    context.getLogger("org.apache.kafka.clients.admin").setLevel(Level.OFF);
    root.addAppender(started(context, console, LogLayout.forConsole()));
  }

  private static AsyncAppender queued(LoggerContext context, Tee tee) {
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(context);
    queue.setQueueSize(QUEUE_SIZE);
    queue.setNeverBlock(true);
    queue.addAppender(tee);
    queue.start();
    queueing = true;
    return queue;
  }

  private static @Nullable String addFile(LoggerContext context, Tee tee, Path folder) {
    Path file = folder.resolve("server.log");
    try {
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw new IOException("not writable");
      }
    } catch (IOException e) {
      return "no log file, since " + folder + " cannot be written: " + e.getMessage();
    }
    tee.first = () -> tee.targets.add(0, rolling(context, file));
    return null;
  }

  private static Appender<ILoggingEvent> rolling(LoggerContext context, Path file) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(file + ".%i");
    rolling.setMinIndex(1);
    rolling.setMaxIndex(OLD_FILES);
    rolling.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(new FileSize(FILE_BYTES));
    trigger.start();
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(trigger);
    return started(context, appender, LogLayout.forFile());
  }

  private static OutputStreamAppender<ILoggingEvent> started(
      LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, LogLayout layout) {
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  /** Keeps from the console what is only noted. */
  private static final class NotFileOnly extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
      List<Marker> markers = event.getMarkerList();
      boolean noted = markers != null && markers.contains(FILE_ONLY);
      return noted ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
  }

  /** Gives each event to several appenders, in the one thread that takes them from the queue. */
  private static final class Tee extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final List<Appender<ILoggingEvent>> targets = new ArrayList<>();

    /**
     * Done before the first event: a log file takes its time to begin, which a start need not wait.
     */
    private @Nullable Runnable first;

    @Override
    protected void append(ILoggingEvent event) {
      Runnable now = first;
      if (now != null) {
        first = null;
        now.run();
      }
      if (event.getMarkerList() != null && event.getMarkerList().contains(SETTLE)) {
        CountDownLatch waiting = SETTLING.getAndSet(null);
        if (waiting != null) {
          waiting.countDown();
        }
        return;
      }
      targets.forEach(target -> target.doAppend(event));
    }

    @Override
    public void stop() {
      targets.forEach(Appender::stop);
      super.stop();
    }
  }
}
