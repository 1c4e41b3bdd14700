package io.millrace.rest.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.metadata.BrokerRegistered;
import io.millrace.metadata.BrokerUnfenced;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What only the broker itself tells, asked for at another one. */
class OwnBrokerTest {
  private final ClusterImage image =
      ClusterImage.EMPTY
          .apply(registered(0))
          .apply(new BrokerUnfenced(0, 0))
          .apply(registered(1))
          .apply(new BrokerUnfenced(1, 1))
          .apply(registered(2));

  private static BrokerRegistered registered(int id) {
    Endpoint door = new Endpoint(Endpoint.HTTP, "PLAINTEXT", "node" + id, 8080);
    return new BrokerRegistered(id, id, -1, new Uuid(1, id), List.of(door), null);
  }

  private Problem refusal(String broker) {
    return catchThrowableOfType(ProblemException.class, () -> OwnBroker.require(image, 0, broker))
        .problem();
  }

  @Test
  void thisBrokerIsServed() {
    assertThatCode(() -> OwnBroker.require(image, 0, "0")).doesNotThrowAnyException();
  }

  @Test
  void anotherOneIsAskedAtItsOwnAddress() {
    assertThat(refusal("1").hint()).isEqualTo("Broker 1 is asked at node1:8080.");
  }

  @Test
  void whereNobodyAnswersIsNotNamed() {
    assertThat(refusal("2").hint()).isEqualTo("The broker here is 0.");
    assertThat(refusal("7").hint()).isEqualTo("The broker here is 0.");
    assertThat(refusal("x").status()).isEqualTo(404);
  }
}
