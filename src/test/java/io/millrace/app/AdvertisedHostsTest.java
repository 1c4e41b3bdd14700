package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.BrokerConfig;
import io.millrace.network.ToldElsewhere;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdvertisedHostsTest {
  private static final String LISTENER = "PLAINTEXT";

  private static ToldElsewhere find(String host, String... addresses) {
    BrokerConfig config =
        BrokerConfig.of(Map.of("advertised.listeners", "PLAINTEXT://" + host + ":9092"));
    return AdvertisedHosts.find(config, name -> resolved(name, addresses));
  }

  private static InetAddress[] resolved(String name, String... addresses)
      throws UnknownHostException {
    if (addresses.length == 0) {
      throw new UnknownHostException(name);
    }
    InetAddress[] found = new InetAddress[addresses.length];
    for (int i = 0; i < addresses.length; i++) {
      found[i] = InetAddress.getByName(addresses[i]);
    }
    return found;
  }

  @Test
  void refusesANameThatHasNoAddress() {
    assertThatThrownBy(() -> find("kafka.nowhere"))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "advertised.listeners has kafka.nowhere, a name for which this machine finds no"
                + " address; write the address by which clients reach this machine, or remove the"
                + " line: then each client is told the address that it dialled.");
  }

  @Test
  void knowsANameOfThisMachine() {
    assertThat(find("my-kafka", "192.0.2.7", "127.0.0.1").concerns(LISTENER)).isFalse();
  }

  @Test
  void knowsAnAddressThatIsNotOfThisMachine() {
    assertThat(find("ec2.example.com", "192.0.2.7").concerns(LISTENER)).isTrue();
  }

  @Test
  void asksNobodyWhenNothingIsAdvertised() {
    ToldElsewhere told =
        AdvertisedHosts.find(
            BrokerConfig.DEFAULTS,
            name -> {
              throw new UnknownHostException(name);
            });

    assertThat(told.concerns(LISTENER)).isFalse();
  }
}
