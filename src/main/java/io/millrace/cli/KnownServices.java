package io.millrace.cli;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.json.JsonCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells a starting broker's libraries which providers there are of the services that they look for.
 * Each such search would open all jars of the class path and read the lists of their tens of
 * thousands of entries, which was a fifth of the start. Everything else is asked of the parent, so
 * classes are what they would be without this.
 *
 * <p>Thread-safe.
 */
final class KnownServices extends ClassLoader {
  private static final String FOLDER = "META-INF/services/";
  private static final String SELECTORS = "java.nio.channels.spi.SelectorProvider";
  private static final String EPOLL_SELECTORS = "sun.nio.ch.EPollSelectorProvider";

  /**
   * Providers by service: those that a broker uses of those that the jars name. Vert.x searches
   * once more, elsewhere, for services of which it found no provider: these have one that gives
   * nothing new.
   */
  static final Map<String, List<String>> PROVIDERS =
      Map.of(
          "io.vertx.core.spi.VertxServiceProvider",
          List.of(NothingElse.class.getName()),
          "io.vertx.core.spi.VerticleFactory",
          List.of("io.vertx.core.impl.verticle.JavaVerticleFactory"),
          "io.vertx.core.spi.JsonFactory",
          List.of(PlainJson.class.getName()));

  KnownServices(ClassLoader parent) {
    super(parent);
  }

  /** For this thread and those that it starts. */
  static void tellThisThread() {
    Thread thread = Thread.currentThread();
    thread.setContextClassLoader(new KnownServices(thread.getContextClassLoader()));
    nameSelectors();
  }

  /** Java searches for other selectors than its own unless it is told which to take. */
  private static void nameSelectors() {
    if (System.getProperty(SELECTORS) == null) {
      try {
        Class.forName(EPOLL_SELECTORS, false, null);
        System.setProperty(SELECTORS, EPOLL_SELECTORS);
      } catch (ClassNotFoundException e) {
        // Another system than Linux: it searches.
        System.clearProperty(SELECTORS);
      }
    }
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    List<String> known =
        name.startsWith(FOLDER) ? PROVIDERS.get(name.substring(FOLDER.length())) : null;
    return known == null
        ? super.getResources(name)
        : Collections.enumeration(List.of(url(String.join("\n", known))));
  }

  private static URL url(String content) throws MalformedURLException {
    return new URL("millrace", "", -1, "services", new Content(content));
  }

  /** Is asked for when Vert.x starts, and has nothing to add to it. */
  public static final class NothingElse implements VertxServiceProvider {
    /** Called by the search for services. */
    public NothingElse() {}

    @Override
    public void init(VertxBootstrap builder) {}
  }

  /**
   * JSON as without Jackson's databind, which is not here: Vert.x would look for it in all jars.
   */
  public static final class PlainJson implements JsonFactory {
    private final JsonCodec codec = new JacksonCodec();

    /** Called by the search for services. */
    public PlainJson() {}

    @Override
    public JsonCodec codec() {
      return codec;
    }
  }

  /** Makes connections to a text in memory. */
  private static final class Content extends URLStreamHandler {
    private final String text;

    Content(String text) {
      this.text = text;
    }

    @Override
    protected URLConnection openConnection(@Nullable URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {
          connected = true;
        }

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
      };
    }
  }
}
