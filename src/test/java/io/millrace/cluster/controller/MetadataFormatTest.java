package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.MetadataFormat;
import java.util.Map;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Feature;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Brokers say which formats of the metadata they understand when they register. */
class MetadataFormatTest {
  private static final int NOW = MetadataFormat.NEWEST;

  private final BrokerSteps steps = new BrokerSteps(2, Map.of());

  private Errors register(int oldest, int newest) {
    BrokerRegistrationRequestData request = steps.registration(2, -1);
    Feature range = request.features().find(Registration.FORMAT_FEATURE);
    range.setMinSupportedVersion((short) oldest).setMaxSupportedVersion((short) newest);
    return Errors.forCode(steps.register(request, false).errorCode());
  }

  @Test
  void aBrokerOfThisReleaseSaysWhatItUnderstands() {
    Feature range = steps.registration(2, -1).features().find(Registration.FORMAT_FEATURE);

    assertThat(range.minSupportedVersion()).isEqualTo(MetadataFormat.OLDEST);
    assertThat(range.maxSupportedVersion()).isEqualTo(MetadataFormat.NEWEST);
  }

  @Test
  void takesANewerBrokerThatStillUnderstandsTheFormat() {
    assertThat(register(NOW, NOW + 3)).isEqualTo(Errors.NONE);
  }

  @Test
  void refusesABrokerThatDoesNotUnderstandTheFormat() {
    assertThat(register(NOW + 1, NOW + 3)).isEqualTo(Errors.UNSUPPORTED_VERSION);
    assertThat(register(NOW - 1, NOW - 1)).isEqualTo(Errors.UNSUPPORTED_VERSION);
    assertThat(steps.image.broker(2)).isNull();
  }

  @Test
  void takesABrokerThatSaysNothingForOneOfTheFirstFormat() {
    BrokerRegistrationRequestData request = steps.registration(2, -1);
    request.features().remove(request.features().find(Registration.FORMAT_FEATURE));

    assertThat(steps.register(request, false).errorCode()).isEqualTo(Errors.NONE.code());
  }
}
