package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer with repeated configs has the bytes of one with as many plain ones. */
class RepeatedConfigTest {
  @ParameterizedTest
  @ValueSource(shorts = {4, 5, 7})
  void isWrittenLikeAPlainOne(short version) {
    CreatableTopicConfigs repeated = filled(new RepeatedConfig());
    CreatableTopicConfigs noValue = new RepeatedConfig().setName("cleanup.policy").setValue(null);
    CreatableTopicConfigs plainNoValue = new CreatableTopicConfigs().setName("cleanup.policy");
    assertThat(bytes(answer(List.of(repeated, noValue)), version))
        .isEqualTo(
            bytes(
                answer(List.of(filled(new CreatableTopicConfigs()), plainNoValue.setValue(null))),
                version));
  }

  @ParameterizedTest
  @ValueSource(shorts = {5, 7})
  void isEncodedAnewForAnotherVersion(short version) {
    CreateTopicsResponseData answer = answer(List.of(filled(new RepeatedConfig())));
    byte[] before = bytes(answer, version);
    bytes(answer, (short) 6);
    assertThat(bytes(answer, version)).isEqualTo(before);
  }

  private static CreatableTopicConfigs filled(CreatableTopicConfigs config) {
    return config
        .setName("retention.ms")
        .setValue("604800000")
        .setReadOnly(true)
        .setConfigSource((byte) 5)
        .setIsSensitive(true);
  }

  private static CreateTopicsResponseData answer(List<CreatableTopicConfigs> configs) {
    CreateTopicsResponseData answer = new CreateTopicsResponseData();
    for (String name : List.of("a", "b")) {
      answer.topics().add(new CreatableTopicResult().setName(name).setConfigs(configs));
    }
    return answer;
  }

  private static byte[] bytes(CreateTopicsResponseData answer, short version) {
    ByteBuffer buffer = MessageUtil.toVersionPrefixedByteBuffer(version, answer);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
