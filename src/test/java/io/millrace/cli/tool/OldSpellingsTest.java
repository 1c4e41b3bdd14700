package io.millrace.cli.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What people type after tutorials of other years, and how it is understood. */
class OldSpellingsTest {
  private final ByteArrayOutputStream hints = new ByteArrayOutputStream();

  @Test
  void zooKeeperStandsForTheBrokersOnItsHosts() {
    assertThat(today(Map.of(), "--zookeeper", "k1:2181,k2:2181/chroot", "--list"))
        .containsExactly("--bootstrap-server", "k1:9092,k2:9092", "--list");
    assertThat(hints.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "hint: there is no ZooKeeper; taken as --bootstrap-server k1:9092,k2:9092"
                + System.lineSeparator());
  }

  @Test
  void environmentSaysWhereBrokersBesideZooKeeperAre() {
    assertThat(today(Map.of("MILLRACE_BOOTSTRAP", "here:19092"), "--list", "--zookeeper=z:2181"))
        .containsExactly("--list", "--bootstrap-server", "here:19092");
  }

  @Test
  void brokersThatAreNamedGoBeforeZooKeeper() {
    assertThat(today(Map.of(), "--zookeeper", "z:2181", "--bootstrap-server", "b:9092"))
        .containsExactly("--bootstrap-server", "b:9092");
  }

  @Test
  void brokerListIsTheBootstrapServer() {
    assertThat(today(Map.of(), "--broker-list", "b:9092", "--topic", "t"))
        .containsExactly("--bootstrap-server", "b:9092", "--topic", "t");
    assertThat(today(Map.of(), "--broker-list=b:9092"))
        .containsExactly("--bootstrap-server=b:9092");
  }

  @Test
  void commentBehindBackslashIsLeftOutAndTold() {
    // What a shell makes of "--topic t \   # a comment", with and without comments switched on.
    assertThat(today(Map.of(), "--topic", "t", " ", "#", "a", "comment"))
        .containsExactly("--topic", "t");
    assertThat(hints.toString(StandardCharsets.UTF_8))
        .contains("last character of its line", "a comment cannot follow a backslash");
  }

  @Test
  void valueThatIsEmptyStays() {
    assertThat(today(Map.of(), "--property", "", "--topic", "t"))
        .containsExactly("--property", "", "--topic", "t");
    assertThat(hints.size()).isZero();
  }

  @Test
  void valueThatLooksLikeACommentStays() {
    assertThat(today(Map.of(), "--value", "#x", "--value", " ", "--topic", "t"))
        .containsExactly("--value", "#x", "--value", " ", "--topic", "t");
    assertThat(hints.size()).isZero();
  }

  @Test
  void longDashesOfWebPagesAreDashes() {
    assertThat(today(Map.of(), "\u2013\u2013list", "\u2014topic", "t"))
        .containsExactly("--list", "--topic", "t");
  }

  @Test
  void newSpellingsPassWithoutHint() {
    List<String> typed = List.of("--bootstrap-server", "b:1", "--describe", "--group", "g");
    assertThat(today(Map.of(), typed.toArray(String[]::new))).isEqualTo(typed);
    assertThat(hints.size()).isZero();
  }

  @Test
  void controllersAreReachedByWayOfTheBrokers() {
    assertThat(today(Map.of(), "--bootstrap-controller", "b:9093", "--describe"))
        .containsExactly("--bootstrap-server", "b:9093", "--describe");
    assertThat(hints.toString(StandardCharsets.UTF_8)).contains("answers for the controller");
  }

  @Test
  void optionThatToolHasItselfIsNoOldSpelling() {
    assertThat(
            OldSpellings.today(
                List.of("--broker-list", "0,1", "-describe", "-x=-describe"),
                new OwnOptions(Set.of("--broker-list", "--describe"), Set.of("--broker-list")),
                shell(Map.of())))
        .containsExactly("--broker-list", "0,1", "--describe", "-x=-describe");
    assertThat(hints.size()).isZero();
  }

  private List<String> today(Map<String, String> environment, String... arguments) {
    return OldSpellings.today(
        List.of(arguments), new OwnOptions(Set.of(), Set.of("--value")), shell(environment));
  }

  private Shell shell(Map<String, String> environment) {
    PrintStream stream = new PrintStream(hints, true, StandardCharsets.UTF_8);
    return new Shell(stream, stream, InputStream.nullInputStream(), environment, Set.of());
  }
}
