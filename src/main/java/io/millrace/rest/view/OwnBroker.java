package io.millrace.rest.view;

import io.millrace.metadata.BrokerImage;
import io.millrace.metadata.ClusterImage;
import io.millrace.metadata.Endpoint;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;

/**
 * What only the broker itself can tell: what its file and its machine say. Another one refuses, and
 * says where that broker is asked.
 */
public final class OwnBroker {
  private OwnBroker() {}

  /**
   * Refuses a broker that is not this one.
   *
   * @param self id of the broker here
   * @param wanted the id that was asked for, as it stands in the address
   * @throws ProblemException when it is another one
   */
  public static void require(ClusterImage image, int self, String wanted) {
    if (wanted.equals(Integer.toString(self))) {
      return;
    }
    String hint =
        image.brokers().values().stream()
            .filter(broker -> Integer.toString(broker.id()).equals(wanted))
            .findFirst()
            .flatMap(OwnBroker::door)
            .map(door -> "Broker " + wanted + " is asked at " + door + ".")
            .orElse("The broker here is " + self + ".");
    throw new ProblemException(
        new Problem(
            404,
            Errors.BROKER_NOT_AVAILABLE.name(),
            "Broker " + wanted + " is not served from here.",
            hint));
  }

  private static Optional<String> door(BrokerImage broker) {
    Endpoint door = broker.endpoint(Endpoint.HTTP);
    return door == null || broker.fenced()
        ? Optional.empty()
        : Optional.of(door.host() + ":" + door.port());
  }
}
