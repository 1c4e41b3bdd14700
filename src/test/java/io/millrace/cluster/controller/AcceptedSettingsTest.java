package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.BrokerConfig;
import io.millrace.config.Key;
import io.millrace.config.KnownKeys;
import io.millrace.config.LogConfig;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.ConfigScope;
import io.millrace.metadata.EffectiveConfigs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever settings the controller takes, one after the other, every broker can apply. */
class AcceptedSettingsTest {
  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          "0",
          "-0",
          "1",
          "-1",
          "-2",
          " 7 ",
          "+7",
          "1.5",
          "1e9",
          "NaN",
          "Infinity",
          "7d",
          "2147483647",
          "-2147483648",
          "2147483648",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "true",
          "TRUE",
          " false ",
          "yes",
          "compact",
          "delete",
          " delete , compact ",
          "compact,compact",
          "delete,",
          ",",
          "*",
          "0:0",
          "0:1, 1:0",
          "gzip",
          "GZIP",
          "zstd",
          "producer",
          "CreateTime",
          "LogAppendTime",
          "logappendtime",
          "٣",
          "é\u0000",
          "127.0.0.1:5",
          "127.0.0.1:5,,::1:0",
          ":5",
          "nowhere:999999999",
          "a".repeat(40_000));

  private final EffectiveConfigs configs = Images.configs(Map.of());
  private final Controller controller = Images.controller(Map.of());
  private ClusterImage image = Images.withTopics(Images.of(1), "orders");
  private int accepted;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void applyEverywhereAndAreInForce(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 4_000; i++) {
      switch (random.nextInt(3)) {
        case 0 -> change(random, ConfigScope.topic("orders"), KnownKeys.topic());
        case 1 -> change(random, ConfigScope.broker(0), KnownKeys.broker());
        default -> change(random, ConfigScope.DEFAULT_BROKER, KnownKeys.broker());
      }
    }
    assertThat(accepted).isGreaterThan(300);
  }

  private void change(Random random, ConfigScope scope, Collection<Key<?>> keys) {
    Key<?> key = new ArrayList<>(keys).get(random.nextInt(keys.size()));
    String value = VALUES.get(random.nextInt(VALUES.size()));
    if (alter(scope, key, random.nextInt(3) == 0 ? OpType.DELETE : OpType.SET, value)) {
      accepted++;
      assertAppliesEverywhere();
      assertInForce(scope, key);
    }
  }

  private boolean alter(ConfigScope scope, Key<?> key, OpType operation, String value) {
    AlterConfigsResource resource =
        new AlterConfigsResource()
            .setResourceType(
                scope.kind() == ConfigScope.Kind.TOPIC
                    ? ConfigResource.Type.TOPIC.id()
                    : ConfigResource.Type.BROKER.id())
            .setResourceName(scope.name());
    resource
        .configs()
        .add(
            new AlterableConfig()
                .setName(key.name())
                .setConfigOperation(operation.id())
                .setValue(value));
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    request.resources().add(resource);
    var decision = controller.incrementalAlterConfigs(image, request);
    image = Images.after(image, decision.facts());
    return !decision.facts().isEmpty();
  }

  private void assertAppliesEverywhere() {
    BrokerConfig broker = configs.broker(image);
    assertThat(broker.contradictions()).isEmpty();
    assertThat(broker.describe()).isNotEmpty();
    assertThat(broker.describeTopic(image.configs(ConfigScope.topic("orders")))).isNotEmpty();
    LogConfig topic = configs.topic(image, "orders");
    assertThat(topic.rollMs()).isPositive();
    assertThat(configs.topic(image, "others").rollMs()).isPositive();
  }

  private void assertInForce(ConfigScope scope, Key<?> key) {
    String text = image.configs(scope).get(key.name());
    boolean another =
        !scope.equals(ConfigScope.broker(0))
            && image.configs(ConfigScope.broker(0)).containsKey(key.name());
    if (scope.kind() == ConfigScope.Kind.BROKER && text != null && !another) {
      assertThat(configs.broker(image).get(key)).as("%s=%s", key, text).isEqualTo(key.parse(text));
    }
  }
}
