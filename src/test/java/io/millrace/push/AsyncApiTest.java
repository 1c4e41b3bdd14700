package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.quota.ConnectionCount;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The descriptions of the interface against what sessions really know. */
class AsyncApiTest {

  private static JsonObject description() throws Exception {
    try (InputStream in = AsyncApiTest.class.getResourceAsStream("/api/asyncapi.json")) {
      return new JsonObject(Buffer.buffer(in.readAllBytes()));
    }
  }

  private static Set<String> operations(String action) throws Exception {
    JsonObject operations = description().getJsonObject("operations");
    Set<String> names = new TreeSet<>();
    for (String name : operations.fieldNames()) {
      JsonObject operation = operations.getJsonObject(name);
      if (operation.getString("action").equals(action)) {
        String message = operation.getJsonArray("messages").getJsonObject(0).getString("$ref");
        names.add(message.substring(message.lastIndexOf('/') + 1));
      }
    }
    return names;
  }

  @Test
  void describesExactlyTheOperationsThatSessionsKnow() throws Exception {
    assertThat(operations("receive")).isEqualTo(known());
  }

  @Test
  void everyMessageSaysItsOp() throws Exception {
    JsonObject messages = description().getJsonObject("components").getJsonObject("messages");
    for (String name : messages.fieldNames()) {
      JsonObject op =
          messages
              .getJsonObject(name)
              .getJsonObject("payload")
              .getJsonObject("properties")
              .getJsonObject("op");
      assertThat(op.getString("const")).isEqualTo(name);
    }
    assertThat(messages.fieldNames()).containsAll(operations("receive"));
    assertThat(messages.fieldNames()).containsAll(operations("send"));
  }

  @Test
  void theTextForPeopleNamesEveryOperationAndCloseCode() throws Exception {
    String text = Files.readString(Path.of("docs/api/WEBSOCKET.md"));

    assertThat(known()).allSatisfy(op -> assertThat(text).contains("`" + op + "`"));
    for (CloseCode code : CloseCode.values()) {
      assertThat(text).contains(Integer.toString(code.code()));
    }
  }

  /** The table of operations, which needs no broker behind it to be read. */
  private static Set<String> known() {
    return Ops.of(
            new PushServices(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                ConnectionCount.Limits.NONE))
        .names();
  }
}
