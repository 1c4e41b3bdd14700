package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ApiVersionsHandlerTest {
  private final HandlerFixture fixture = new HandlerFixture();
  private final Handlers handlers =
      new Handlers(List.of(new InitProducerIdHandler(fixture.world.cluster, fixture)));

  @Test
  void offersNoVersionThatKafkaHasNotFinished() {
    assertThat(ApiKeys.INIT_PRODUCER_ID.latestVersion(true))
        .as("Kafka has an unfinished version of this API")
        .isGreaterThan(ApiKeys.INIT_PRODUCER_ID.latestVersion(false));
    assertThat(handlers.apiVersions(Errors.NONE).apiKeys().find(ApiKeys.INIT_PRODUCER_ID.id))
        .satisfies(
            listed ->
                assertThat(listed.maxVersion())
                    .isEqualTo(ApiKeys.INIT_PRODUCER_ID.latestVersion(false)));
  }
}
