package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.jackson.JacksonFactory;
import io.vertx.core.spi.JsonFactory;
import io.vertx.core.spi.VerticleFactory;
import io.vertx.core.spi.VertxServiceProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class KnownServicesTest {
  private static final String ELSEWHERE =
      "META-INF/services/ch.qos.logback.classic.spi.Configurator";

  private final Asked parent = new Asked();
  private final KnownServices services = new KnownServices(parent);

  @Test
  void givesTheProvidersItKnowsWithoutASearch() {
    assertThat(ServiceLoader.load(VertxServiceProvider.class, services))
        .hasExactlyElementsOfTypes(KnownServices.NothingElse.class);
    assertThat(ServiceLoader.load(VerticleFactory.class, services)).isNotEmpty();
    assertThat(ServiceLoader.load(JsonFactory.class, services))
        .singleElement()
        .satisfies(json -> assertThat(json.codec()).hasSameClassAs(JacksonFactory.CODEC));
    assertThat(parent.asked).isEmpty();
  }

  @Test
  void searchesForEverythingElse() throws IOException {
    assertThat(Collections.list(services.getResources(ELSEWHERE))).isNotEmpty();
    assertThat(parent.asked).containsExactly(ELSEWHERE);
  }

  @Test
  void namesASelectorThatJavaHas() throws ReflectiveOperationException {
    KnownServices.tellThisThread();
    String name = System.getProperty("java.nio.channels.spi.SelectorProvider");
    assertThat(name == null || Class.forName(name, false, null) != null).isTrue();
  }

  /** Notes what is searched for. */
  private static final class Asked extends ClassLoader {
    private final List<String> asked = new ArrayList<>();

    Asked() {
      super(KnownServicesTest.class.getClassLoader());
    }

    @Override
    public Enumeration<java.net.URL> getResources(String name) throws IOException {
      asked.add(name);
      return super.getResources(name);
    }
  }
}
