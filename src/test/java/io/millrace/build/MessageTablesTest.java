package io.millrace.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Kafka's tables of APIs, changed: they say what the library's own say, and load no messages. */
class MessageTablesTest {
  @TempDir private Path folder;

  /** As the build does it: behind the change of expressions. */
  @BeforeEach
  void change() throws Exception {
    Path names = Files.writeString(folder.resolve("names"), ApiKeys.class.getName() + "\n");
    Path copies = folder.resolve("copies");
    LambdaClasses.main(new String[] {copies.toString(), names.toString()});
    MessageTables.main(new String[] {copies.toString()});
  }

  /** Notes what it loads. */
  private static final class Watched extends URLClassLoader {
    private final List<String> loaded = new ArrayList<>();

    private Watched(URL... places) {
      super(places, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      loaded.add(name);
      return super.findClass(name);
    }
  }

  private Watched changed() throws Exception {
    return new Watched(
        folder.resolve("copies").toUri().toURL(), jarOf(ApiKeys.class), jarOf(LoggerFactory.class));
  }

  private static URL jarOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  /** All that a constant tells, by its fields and its methods without arguments. */
  private static Map<String, String> facts(Object constant) throws ReflectiveOperationException {
    Map<String, String> facts = new TreeMap<>();
    for (Method method : constant.getClass().getMethods()) {
      if (method.getParameterCount() == 0
          && method.getDeclaringClass() == constant.getClass()
          && !method.getName().equals("values")) {
        facts.put(method.getName(), told(constant, method));
      }
    }
    for (Field field : constant.getClass().getFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        facts.put("." + field.getName(), text(field.get(constant)));
      }
    }
    return facts;
  }

  /** Types that were retired have no messages. */
  private static String told(Object constant, Method method) throws IllegalAccessException {
    try {
      return text(method.invoke(constant));
    } catch (InvocationTargetException e) {
      return e.getCause().toString();
    }
  }

  private static String text(Object value) {
    if (value instanceof Object[] all) {
      return Arrays.stream(all).map(MessageTablesTest::text).toList().toString();
    }
    // What has no text of its own has the number of its object.
    return String.valueOf(value).replaceAll("@[0-9a-f]+", "");
  }

  private static void assertSame(Class<?> changed, Enum<?>... own)
      throws ReflectiveOperationException {
    Object constants = changed.getMethod("values").invoke(null);
    assertThat(Array.getLength(constants)).isEqualTo(own.length);
    for (int i = 0; i < own.length; i++) {
      assertThat(facts(Array.get(constants, i))).as(own[i].name()).isEqualTo(facts(own[i]));
    }
  }

  @Test
  void keysSayWhatTheLibrarySays() throws Exception {
    try (Watched loader = changed()) {
      Class<?> keys = loader.loadClass(ApiKeys.class.getName());

      assertSame(keys, ApiKeys.values());

      assertThat(jarOf(keys).getPath()).endsWith("copies/");
      EnumSet<ApiKeys> delayed = EnumSet.noneOf(ApiKeys.class);
      for (ApiKeys key : ApiKeys.values()) {
        if (key.requiresDelayedAllocation) {
          delayed.add(key);
        }
      }
      assertThat(delayed).contains(ApiKeys.PRODUCE, ApiKeys.JOIN_GROUP).hasSizeLessThan(60);
    }
  }

  @Test
  void typesSayWhatTheLibrarySaysAndHaveItsSchemas() throws Exception {
    try (Watched loader = changed()) {
      Class<?> types = loader.loadClass(ApiMessageType.class.getName());

      assertSame(types, ApiMessageType.values());

      for (Object type : (Object[]) types.getMethod("values").invoke(null)) {
        if (((EnumSet<?>) types.getMethod("listeners").invoke(type)).isEmpty()) {
          continue; // retired: it has no messages
        }
        for (String which : List.of("request", "response")) {
          Object message = types.getMethod("new" + capital(which)).invoke(type);
          assertThat(types.getMethod(which + "Schemas").invoke(type))
              .isSameAs(message.getClass().getField("SCHEMAS").get(null));
        }
      }
    }
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  @Test
  void keysLoadNoMessages() throws Exception {
    try (Watched loader = changed()) {
      Class<?> keys = loader.loadClass(ApiKeys.class.getName());
      keys.getMethod("forId", int.class).invoke(null, 0);

      assertThat(loader.loaded)
          .contains(ApiMessageType.class.getName())
          .noneMatch(name -> name.matches(".*\\.message\\.\\w+(Request|Response)Data.*"));
    }
  }
}
