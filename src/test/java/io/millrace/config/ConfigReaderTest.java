package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

  @Test
  void laterPlacesGoBeforeEarlierOnes() {
    BrokerConfig config =
        ConfigReader.read(
                List.of(
                    new Written("num.partitions", "2", "file:1", false),
                    new Written("num.partitions", "3", "--override", false)))
            .config();

    assertThat(config.get(BrokerKeys.NUM_PARTITIONS)).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "internal.topics.replication.factor, 32768",
    "internal.topics.replication.factor, 99999999999",
    "offsets.topic.segment.bytes, 13",
  })
  void refusesWhatWouldKeepInternalTopicsFromBeingMade(String key, String value) {
    assertThatThrownBy(() -> read(key, value)).hasMessageContaining(key + " must be");
  }

  @Test
  void namesTheNearestKeyWhenOneIsUnknown() {
    assertThatThrownBy(() -> read("num.partitons", "3"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("file:1: unknown key num.partitons; did you mean num.partitions?");
  }

  @Test
  void namesTheBrokersKeyWhenATopicsKeyIsWritten() {
    assertThatThrownBy(() -> read("retention.ms", "1000"))
        .hasMessage(
            "file:1: unknown key retention.ms; it is set per topic, for all topics write"
                + " log.retention.ms");
  }

  @Test
  void goesOnWithUnknownKeysWhenToldSo() {
    ConfigReader.Result result = read("config.unknown", "warn", "no.such.key.at.all", "1");

    assertThat(result.warnings()).containsExactly("file:2: unknown key no.such.key.at.all");
  }

  @Test
  void onlyWarnsOfAVendorsKeys() {
    assertThat(read("confluent.license.topic", "x").warnings())
        .containsExactly("no effect: confluent.license.topic (not known here)");
  }

  @Test
  void onlyWarnsOfUnknownKeysAtLenientPlaces() {
    List<Written> written = List.of(new Written("foo.bar.baz", "1", "KAFKA_FOO_BAR_BAZ", true));

    assertThat(ConfigReader.read(written).warnings())
        .containsExactly("KAFKA_FOO_BAR_BAZ: unknown key foo.bar.baz");
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(() -> read("num.partitions", "0", "log.segment.bytes", "1GB"))
        .hasMessage(
            """
            file:1: num.partitions must be at least 1, not '0'
            file:2: log.segment.bytes must be a whole number (bytes), not '1GB'""");
  }

  @Test
  void refusesToGoOnWithoutAccessControlThatWasAskedFor() {
    assertThatThrownBy(() -> read("authorizer.class.name", "a.b.C"))
        .hasMessage(
            "file:1: authorizer.class.name cannot be used: this version has no access control");
  }

  @Test
  void refusesListenersThatAskForTls() {
    assertThatThrownBy(() -> read("listeners", "SSL://:9093"))
        .hasMessage("listeners: SSL asks for SSL, but this version offers PLAINTEXT only");
  }

  @Test
  void refusesToWaitForBrokersOfWhomNothingSaysWhereTheyAre() {
    assertThatThrownBy(() -> read("cluster.expected.brokers", "3"))
        .hasMessage(
            "cluster.expected.brokers is 3 and nothing says where the others are: name the hosts"
                + " of all brokers in cluster.join, or leave cluster.expected.brokers out to run"
                + " alone");
    assertThat(read("cluster.expected.brokers", "1").config()).isNotNull();
    assertThat(read("cluster.expected.brokers", "3", "cluster.join", "a,b,c").config()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "your.host.name",
        "{ec2.host.name}",
        "<your-ip>",
        "your-ip",
        "YOUR_SERVER_IP",
        "your-ec2-public-dns",
        "${HOST_NAME}",
        "$(hostname)"
      })
  void refusesThePlaceholdersOfSamplesAndTutorialsAsAdvertisedHost(String host) {
    assertThatThrownBy(() -> read("advertised.listeners", "PLAINTEXT://" + host + ":9092"))
        .hasMessage(
            "advertised.listeners still has the placeholder "
                + host
                + "; write the address by which clients reach this machine, or remove the line:"
                + " then each client is told the address that it dialled");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"my-kafka", "myhost.example.com", "54.180.108.166", "[fe80::1%eth0]", "kafka_1"})
  void takesNamesThatOnlyLookUnusual(String host) {
    assertThat(read("advertised.listeners", "PLAINTEXT://" + host + ":9092").config()).isNotNull();
  }

  @Test
  void refusesAPlaceholderWhereItShouldListen() {
    assertThatThrownBy(() -> read("listeners", "PLAINTEXT://your.host.name:9092"))
        .hasMessage(
            "listeners still has the placeholder your.host.name; write an address of this machine,"
                + " or none to listen on all of them: PLAINTEXT://:9092");
  }

  @Test
  void takesKafkasSampleFilesAsTheyAre() {
    for (Map<String, String> sample : SampleFiles.ALL) {
      List<Written> written = new ArrayList<>();
      sample.forEach((name, text) -> written.add(new Written(name, text, "sample", false)));

      assertThat(ConfigReader.read(written).config()).isNotNull();
    }
  }

  @Test
  void saysWithOneSentencePerReasonWhatHasNoEffect() {
    assertThat(
            read(
                    "controller.socket.timeout.ms",
                    "5000",
                    "request.timeout.ms",
                    "5000",
                    "num.io.threads",
                    "4")
                .warnings())
        .hasSize(2)
        .contains(
            "no effect: controller.socket.timeout.ms, request.timeout.ms (requests between brokers"
                + " have timeouts of their own)");
  }

  @Test
  void onlyNotesThatThereIsNoZooKeeperSinceNobodyMissesIt() {
    ConfigReader.Result result =
        read("zookeeper.connect", "localhost:2181", "zookeeper.connection.timeout.ms", "18000");

    assertThat(result.warnings()).isEmpty();
    assertThat(result.notices())
        .containsExactly(
            "no effect: zookeeper.connection.timeout.ms (there is no ZooKeeper"
                + " here: none is contacted and none is needed)");
  }

  @Test
  void isSilentAboutAKeyThatIsWrittenWithItsDefault() {
    assertThat(read("num.io.threads", "8").warnings()).isEmpty();
  }

  private static ConfigReader.Result read(String... namesAndTexts) {
    List<Written> written = new ArrayList<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      written.add(
          new Written(namesAndTexts[i], namesAndTexts[i + 1], "file:" + (i / 2 + 1), false));
    }
    return ConfigReader.read(written);
  }
}
