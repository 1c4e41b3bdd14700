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

/** Rows as people and programs get them. */
class ListingTest {
  private final Listing listing = Listing.of("topic", "end offset", "isr");

  ListingTest() {
    listing.add("orders", 12L, List.of(0, 1));
    listing.add("payments.eu", 4711L, List.of(2));
  }

  @Test
  void alignedOnTerminalWithNumbersRight() {
    assertThat(printed(Set.of("out"), false).lines().map(String::stripTrailing))
        .containsExactly(
            "TOPIC        END OFFSET  ISR",
            "orders               12  0,1",
            "payments.eu        4711  2");
  }

  @Test
  void tabsInPipe() {
    assertThat(printed(Set.of(), false).lines())
        .containsExactly("orders\t12\t0,1", "payments.eu\t4711\t2");
  }

  @Test
  void objectsAsJson() {
    String json = printed(Set.of("out"), true);
    assertThat(JsonText.object("{\"rows\":" + json + "}", "output").getJsonArray("rows"))
        .hasToString(
            "[{\"topic\":\"orders\",\"end_offset\":12,\"isr\":[0,1]},"
                + "{\"topic\":\"payments.eu\",\"end_offset\":4711,\"isr\":[2]}]");
  }

  @Test
  void markupInValuesIsShownAsText() {
    Listing one = Listing.of("value");
    one.add("@|red not markup|@");
    assertThat(print(one, Set.of("out"), false)).contains("red not markup");
  }

  private String printed(Set<String> terminals, boolean json) {
    return print(listing, terminals, json);
  }

  private static String print(Listing listing, Set<String> terminals, boolean json) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Map<String, String> plain = Map.of("NO_COLOR", "1");
    listing.print(new Shell(out, out, InputStream.nullInputStream(), plain, terminals), json);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
