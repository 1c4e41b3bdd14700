package io.millrace.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.BrokerRegistered;
import io.millrace.metadata.Fact;
import io.millrace.metadata.PartitionImage;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** How brokers register, are fenced, come back and leave. */
class BrokersTest {
  private final BrokerSteps steps = new BrokerSteps(3, Map.of());

  @Test
  void aNewProcessReplacesTheOldOneAndIsFenced() {
    long before = steps.epoch(1);

    assertThat(steps.register(steps.registration(1, before), false).errorCode()).isZero();

    BrokerImage now = steps.image.broker(1);
    assertThat(now.epoch()).isGreaterThan(before);
    assertThat(now.fenced()).isTrue();
    assertThat(now.start().trusted()).isTrue();
    assertThat(now.start().version()).isEqualTo("1.2.3");
    assertThat(now.rack()).isEqualTo("rack");
    assertThat(now.endpoint("A").port()).isEqualTo(9092);
  }

  @Test
  void theEntryThatRegistersMovesTheLeadershipsOfTheProcessBefore() {
    steps.create("t", 0, 1, 2, 0);

    steps.register(steps.registration(1, steps.epoch(1)), false);

    PartitionImage partition = steps.partition("t");
    assertThat(partition.leader()).isEqualTo(2);
    assertThat(partition.leaderEpoch()).isEqualTo(1);
    assertThat(partition.isr()).containsExactly(2, 0);
  }

  @Test
  void theOnlyMemberLeadsAgainInAGreaterEpochOnceItIsUnfenced() {
    steps.create("t", 0, 1);

    steps.register(steps.registration(1, steps.epoch(1)), false);
    assertThat(steps.partition("t").leader()).isEqualTo(-1);
    assertThat(steps.partition("t").isr()).containsExactly(1);

    steps.unfence(1);
    assertThat(steps.partition("t").leader()).isEqualTo(1);
    assertThat(steps.partition("t").leaderEpoch()).isEqualTo(2);
  }

  @Test
  void anotherFolderWithAUsedIdIsRefusedWhileItsHolderLives() {
    BrokerRegistrationRequestData request = steps.registration(1, -1);
    request.setLogDirs(List.of(new Uuid(9, 9)));

    assertThat(Controller.isContested(steps.image, request)).isTrue();
    assertThat(steps.register(request, true).errorCode())
        .isEqualTo(Errors.DUPLICATE_BROKER_REGISTRATION.code());
    assertThat(steps.register(request, false).errorCode()).isZero();
  }

  @Test
  void theSameFolderIsNeverContested() {
    BrokerRegistrationRequestData request = steps.registration(1, -1);

    assertThat(Controller.isContested(steps.image, request)).isFalse();
    assertThat(steps.register(request, true).errorCode()).isZero();
  }

  @Test
  void aBrokerOfAnotherClusterIsRefused() {
    assertThat(steps.register(steps.registration(1, -1).setClusterId("other"), false).errorCode())
        .isEqualTo(Errors.INCONSISTENT_CLUSTER_ID.code());
  }

  @Test
  void aRegistrationThatIsRepeatedIsAnsweredWithTheSameEpoch() {
    BrokerRegistrationRequestData request = steps.registration(1, steps.epoch(1));
    long first = steps.register(request, false).brokerEpoch();
    steps.unfence(1);

    assertThat(steps.register(request, false).brokerEpoch()).isEqualTo(first);
  }

  @Test
  void whoCannotNameItsLastEpochIsOutOfEveryIsr() {
    steps.create("t", 0, 0, 1, 2);

    steps.register(steps.registration(1, steps.epoch(1) - 1), false);

    assertThat(steps.image.broker(1).start().trusted()).isFalse();
    assertThat(steps.partition("t").isr()).containsExactly(0, 2);
    assertThat(steps.partition("t").lastIsr()).containsExactly(1);
  }

  @Test
  void isUnfencedOnlyWhenItHasCaughtUp() {
    steps.register(steps.registration(1, steps.epoch(1)), false);

    assertThat(steps.heartbeat(1, false, false, false).isFenced()).isTrue();
    assertThat(steps.image.isAlive(1)).isFalse();
    assertThat(steps.heartbeat(1, false, true, false).isFenced()).isFalse();
    assertThat(steps.image.isAlive(1)).isTrue();
  }

  @Test
  void whoServedAndWasFencedRegistersAnewBeforeItServes() {
    steps.fence(1);

    assertThat(steps.heartbeat(1, false, true, true).isFenced()).isTrue();
    assertThat(steps.image.isAlive(1)).isFalse();

    steps.restart(1, true);
    assertThat(steps.image.isAlive(1)).isTrue();
  }

  @Test
  void fencingElectsInTheSameEntryAndKeepsTheLastMemberOfAnIsr() {
    steps.create("t", 0, 1, 2);
    steps.create("alone", 0, 1);

    steps.fence(1);

    assertThat(steps.partition("t").leader()).isEqualTo(2);
    assertThat(steps.partition("t").isr()).containsExactly(2);
    assertThat(steps.partition("alone").leader()).isEqualTo(-1);
    assertThat(steps.partition("alone").isr()).containsExactly(1);
  }

  @Test
  void controlledShutdownMovesLeadershipsFirstAndLetsGoWhenTheOthersKnow() {
    steps.create("t", 0, 1, 2, 0);

    assertThat(steps.heartbeat(1, true, true, false).shouldShutDown()).isFalse();
    assertThat(steps.partition("t").leader()).isEqualTo(2);
    assertThat(steps.partition("t").isr()).containsExactly(2, 0);
    assertThat(steps.heartbeat(1, true, true, false).shouldShutDown()).isFalse();
    assertThat(steps.image.isAlive(1)).isTrue();

    assertThat(steps.heartbeat(1, true, true, true).shouldShutDown()).isTrue();
    assertThat(steps.image.isAlive(1)).isFalse();
  }

  @Test
  void whoShutsDownIsGivenNoLeadership() {
    steps.create("t", 0, 2, 1);
    steps.heartbeat(1, true, true, false);

    steps.fence(2);

    assertThat(steps.partition("t").leader()).isEqualTo(-1);
  }

  @Test
  void forgetsOnlyABrokerThatDoesNotRun() {
    UnregisterBrokerRequestData request = new UnregisterBrokerRequestData().setBrokerId(1);
    assertThat(steps.controller.unregisterBroker(steps.image, request).reply().errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
    steps.create("t", 0, 1, 2);
    steps.create("alone", 0, 1);
    steps.fence(1);

    steps.happen(steps.controller.unregisterBroker(steps.image, request).facts());

    assertThat(steps.image.broker(1)).isNull();
    assertThat(steps.partition("alone").isr()).containsExactly(1);
    assertThat(steps.controller.unregisterBroker(steps.image, request).reply().errorCode())
        .isEqualTo(Errors.BROKER_ID_NOT_REGISTERED.code());
  }

  @Test
  void whoWasForgottenIsNotWaitedForWhenNobodyCanBeTrusted() {
    steps.create("t", 0, 1, 2);
    steps.restart(1, true);
    steps.fence(1);
    steps.restart(2, false);
    assertThat(steps.partition("t").lastIsr()).containsExactly(1, 2);
    assertThat(steps.partition("t").leader()).isEqualTo(-1);

    steps.happen(
        steps
            .controller
            .unregisterBroker(steps.image, new UnregisterBrokerRequestData().setBrokerId(1))
            .facts());

    assertThat(steps.partition("t").leader()).isEqualTo(2);
  }

  @Test
  void whoWasForgottenComesBackWithoutTrust() {
    steps.create("t", 0, 1);
    steps.fence(1);
    long last = steps.epoch(1);
    steps.happen(
        steps
            .controller
            .unregisterBroker(steps.image, new UnregisterBrokerRequestData().setBrokerId(1))
            .facts());

    steps.register(steps.registration(1, last), false);

    assertThat(steps.partition("t").isr()).isEmpty();
    assertThat(steps.partition("t").lastIsr()).containsExactly(1);
  }

  @Test
  void whatWasDecidedOfAFencingBeforeItsEndWasLostIsDecidedAgain() {
    steps.create("t", 0, 1, 2, 0);
    steps.create("u", 0, 1, 2);

    steps.happen(steps.controller.fence(steps.image, steps.image.broker(1)).subList(0, 1));
    assertThat(steps.image.broker(1).fenced()).isFalse();
    steps.fence(1);

    assertThat(steps.partition("t").isr()).containsExactly(2, 0);
    assertThat(steps.partition("u").leader()).isEqualTo(2);
    assertThat(steps.image.broker(1).fenced()).isTrue();
  }

  @Test
  void whoIsNotTrustedHasLeftEveryIsrBeforeItHasItsPlace() {
    steps.create("t", 0, 1, 2, 0);
    steps.create("u", 0, 1, 2);
    BrokerRegistrationRequestData request = steps.registration(1, -1);

    List<Fact> facts = steps.controller.registerBroker(steps.image, request, false).facts();

    assertThat(facts.get(facts.size() - 1)).isInstanceOf(BrokerRegistered.class);
    steps.happen(facts);
    assertThat(steps.partition("u").isr()).containsExactly(2);
  }
}
