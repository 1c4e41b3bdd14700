package io.millrace.browser.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as JSON that may be embedded as it stands. */
class JsonGrammarTest {
  private static boolean isValue(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return JsonGrammar.isValue(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "0",
        "-0.5e+10",
        "12345678901234567890123456789",
        "\"\"",
        "\"\\ud800\"",
        "\"주문 🍚\"",
        " \r\n\t{ \"a\" : [ 1 , null , true , false , { } ] } \n",
        "{\"a\":1,\"a\":2}"
      })
  void takesJson(String text) {
    assertThat(isValue(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "plain",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "[1,]",
        "[1 2]",
        "01",
        "1.",
        ".5",
        "1e",
        "+1",
        "NaN",
        "tru",
        "nulll",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"a\nb\"",
        "1 2",
        "{}}"
      })
  void leavesWhatIsNoJson(String text) {
    assertThat(isValue(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "22c022",
        "22c08022",
        "22eda08022",
        "22f4908080" + "22",
        "22e28222",
        "22ff22",
        "22f0808080" + "22"
      })
  void leavesStringsThatAreNotUtf8(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThat(JsonGrammar.isValue(bytes, 0, bytes.length)).isFalse();
    assertThat(Utf8.isValid(bytes, 0, bytes.length)).isFalse();
  }

  @Test
  void leavesWhatLiesDeeperThanParsersAllow() {
    assertThat(isValue("[".repeat(200) + "]".repeat(200))).isTrue();
    assertThat(isValue("[".repeat(201) + "]".repeat(201))).isFalse();
    assertThat(isValue("[".repeat(1_000_000))).isFalse();
  }

  @Test
  void agreesWithAParserOnMutatedDocuments() {
    long seed = Long.getLong("seed", 7L);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    String document = "{\"a\":[1,-2.5e3,\"x\\n\\u00e9\",true,null],\"b\":{\"c\":\"d\"}}";
    String alphabet = "{}[]:,\"\\0123456789.-+eEabfnrtu ";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(document);
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
        } else {
          text.deleteCharAt(at);
        }
      }
      assertThat(isValue(text.toString())).as(text.toString()).isEqualTo(parses(text.toString()));
    }
  }

  private static boolean parses(String text) {
    try {
      Json.decodeValue(text);
      return true;
    } catch (DecodeException e) {
      return false;
    }
  }

  @Test
  void keepsTheFieldsOfAFrameAsTheyStand() {
    JsonFields fields =
        JsonFields.of(
            " {\"op\":\"pub\", \"v\" : {\"n\":1.00000000000000000001} ,\"t\":\"\\u0061\"}"
                .getBytes(UTF_8));

    assertThat(fields.json("v")).isEqualTo("{\"n\":1.00000000000000000001}");
    assertThat(fields.text("t")).isEqualTo("a");
    assertThat(fields.text("v")).isNull();
    assertThat(fields.json("none")).isNull();
  }
}
