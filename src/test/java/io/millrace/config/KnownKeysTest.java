package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

class KnownKeysTest {

  @Test
  void everyTopicKeyOfKafkaIsKnown() throws IllegalAccessException {
    Set<String> missing = new TreeSet<>();
    for (Field field : TopicConfig.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getName().endsWith("_CONFIG")) {
        String name = (String) field.get(null);
        if (KnownKeys.topic(name).isEmpty()) {
          missing.add(name);
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void everyKeySaysWhatItIs() {
    assertThat(KnownKeys.broker()).allMatch(key -> key.doc().endsWith("."));
    assertThat(KnownKeys.topic()).allMatch(key -> key.doc().endsWith("."));
  }

  @Test
  void noKeyIsBothReadAndInTheTableOfOthers() {
    Set<String> names = new TreeSet<>(OtherKeys.read(OtherBrokerKeys.TABLE).keySet());
    for (Field field : BrokerKeys.class.getFields()) {
      assertThat(names).doesNotContain(nameOf(field));
    }
  }

  @Test
  void aKeyThatDoesNothingIsTheSameAloneAndInItsTable() {
    for (String table : List.of(OtherBrokerKeys.TABLE, OtherTopicKeys.TABLE)) {
      OtherKeys.read(table)
          .forEach(
              (name, key) ->
                  assertThat(OtherKeys.find(table, name))
                      .get()
                      .usingRecursiveComparison()
                      .isEqualTo(key));
    }
  }

  @Test
  void whatIsNoKeyIsInNoTable() {
    for (String name : List.of("", "no.key", "host.name | string", "= noted", "port | int")) {
      assertThat(KnownKeys.broker(name)).isEmpty();
    }
  }

  @Test
  void topicDefaultsAreThoseOfTheBroker() {
    for (Key<?> key : KnownKeys.topic()) {
      TopicKeys.brokerKeyOf(key)
          .ifPresent(
              brokerKey ->
                  assertThat(BrokerConfig.DEFAULTS.find(brokerKey))
                      .as(key.name())
                      .isEqualTo(key.defaultValue()));
    }
  }

  /** A key that nothing reads must say so: {@code inert}. */
  @Test
  void everyKeyThatActsIsReadSomewhere() throws IllegalAccessException {
    Set<String> read = new TreeSet<>();
    new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("io.millrace")
        .forEach(type -> addKeysReadBy(type, read));
    Set<String> forNothing = new TreeSet<>();
    for (Field field : BrokerKeys.class.getFields()) {
      if (field.get(null) instanceof Key<?> key && key.effect().acts()) {
        if (!read.contains(field.getName()) && !isAlias(key)) {
          forNothing.add(key.name());
        }
      }
    }

    assertThat(forNothing).isEmpty();
  }

  private static void addKeysReadBy(JavaClass type, Set<String> read) {
    boolean declares = type.isInterface() && type.getSimpleName().endsWith("Keys");
    if (!declares) {
      type.getFieldAccessesFromSelf().stream()
          .filter(access -> access.getTarget().getRawType().isEquivalentTo(Key.class))
          .forEach(access -> read.add(access.getTarget().getName()));
    }
  }

  private static boolean isAlias(Key<?> key) {
    return KnownKeys.broker().stream()
        .flatMap(other -> other.aliases().stream())
        .anyMatch(alias -> alias.key().equals(key));
  }

  private static String nameOf(Field field) {
    try {
      return field.get(null) instanceof Key<?> key ? key.name() : "";
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
