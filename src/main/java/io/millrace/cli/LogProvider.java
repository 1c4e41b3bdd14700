package io.millrace.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.CoreConstants;
import io.vertx.core.logging.SLF4JLogDelegateFactory;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Gives SLF4J a Logback that {@link LogSetup} has set up, without the search for set-ups that
 * Logback's own provider begins with: it opens every jar of the class path. Not for a {@code
 * -Dlogback.configurationFile}, which Logback reads itself. Thread-safe.
 */
public final class LogProvider implements SLF4JServiceProvider {
  private static final String CHOSEN = "slf4j.provider";
  private static final String VERTX_CHOICE = "vertx.logger-delegate-factory-class-name";
  private static final String VERBOSITY = "slf4j.internal.verbosity";

  private final LoggerContext context = new LoggerContext();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();

  /** Called by SLF4J when the first logger is asked for. */
  public LogProvider() {}

  /** Makes SLF4J take this one, and Vert.x SLF4J; must run before the first logger is asked for. */
  static void choose() {
    if (System.getProperty("logback.configurationFile") == null
        && System.getProperty(CHOSEN) == null) {
      System.setProperty(CHOSEN, LogProvider.class.getName());
      // It would tell on the error stream whom it takes.
      if (System.getProperty(VERBOSITY) == null) {
        System.setProperty(VERBOSITY, "WARN");
      }
    }
    // Named, so that Vert.x does not look for a configuration of another library first.
    if (System.getProperty(VERTX_CHOICE) == null) {
      System.setProperty(VERTX_CHOICE, SLF4JLogDelegateFactory.class.getName());
    }
  }

  @Override
  public void initialize() {
    context.setName(CoreConstants.DEFAULT_CONTEXT_NAME);
    LogSetup setup = new LogSetup();
    setup.setContext(context);
    setup.configure(context);
    context.start();
    context.setMDCAdapter(mdc);
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return context;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return mdc;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }
}
