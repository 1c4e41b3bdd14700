package io.millrace.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words that say where to begin. */
class PlaceTest {
  private static final String POSITION =
      "{\"orders\":{\"id\":\"9LjkErU2T9Gnj_yYnjptLw\",\"at\":{\"0\":[119,4],\"1\":[97,3]}}}";

  @Test
  void readsEveryWord() {
    assertThat(Place.parse("earliest")).isEqualTo(new Place.Earliest());
    assertThat(Place.parse("latest")).isEqualTo(new Place.Latest());
    assertThat(Place.parse("commit")).isEqualTo(new Place.Committed());
    assertThat(Place.parse("end-100")).isEqualTo(new Place.FromEnd(100));
    assertThat(Place.parse("118")).isEqualTo(new Place.At(118));
    assertThat(Place.parse("ts:2026-11-20T10:00:00Z"))
        .isEqualTo(new Place.Since(1_795_168_800_000L));
    assertThat(Place.parse("ts:1000")).isEqualTo(new Place.Since(1000));
    assertThat(Place.parse("age:15m")).isEqualTo(new Place.Age(900_000));
    assertThat(Place.of(118, new Place.Latest())).isEqualTo(new Place.At(118));
    assertThat(Place.of(null, new Place.Latest())).isEqualTo(new Place.Latest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "end-",
        "end--1",
        "-1",
        "ts:",
        "ts:yesterday",
        "age:15",
        "age:m",
        "age:-1s",
        "age:99999999999999999999d",
        "99999999999999999999",
        "{",
        "{\"a\":1}",
        "1.5"
      })
  void refusesOthersAndNamesTheWords(String word) {
    assertThatThrownBy(() -> Place.parse(word))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.hint()).isNotNull());
  }

  @Test
  void aPositionComesBackAsItWent() {
    Position position = Position.parse(POSITION);

    assertThat(position.json()).isEqualTo(new JsonObject(POSITION));
    assertThat(Place.of(new JsonObject().put("pos", position.json()), new Place.Latest()))
        .isEqualTo(new Place.Resume(position));
    assertThat(position.topics().get("orders").at().get(0)).isEqualTo(new Position.Point(119, 4));
  }

  @Test
  void anOffsetWithoutAnEpochIsAPosition() {
    Position position =
        Position.parse("{\"t\":{\"id\":\"9LjkErU2T9Gnj_yYnjptLw\",\"at\":{\"0\":5}}}");

    assertThat(position.topics().get("t").at().get(0)).isEqualTo(new Position.Point(5, -1));
  }

  @Test
  void choosesPartitionsByKeyAsKafkasClientsDo() {
    assertThat(Publisher.partitionOf("c-17".getBytes(), 10))
        .isEqualTo(
            org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey(
                "c-17".getBytes(), 10));
  }
}
