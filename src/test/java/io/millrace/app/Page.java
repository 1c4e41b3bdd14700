package io.millrace.app;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A page that is a member of a group, as far as a broker sees it. Thread-safe. */
final class Page implements AutoCloseable {
  private final Map<Integer, CompletableFuture<JsonObject>> answers = new HashMap<>();
  private final Set<Integer> assigned = new TreeSet<>();
  private final List<JsonObject> records = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private WebSocket socket;
  private int lastId;
  private int sub = 1;
  private int generation;
  private int closeCode;
  private String closeReason = "";

  private Page() {}

  static Page open(String address) {
    return open(address, null);
  }

  static Page open(String address, String origin) {
    Page page = new Page();
    WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
    if (!address.contains("/groups/")) {
      builder.subprotocols("millrace.v1.json");
    }
    if (origin != null) {
      builder.header("Origin", origin);
    }
    page.socket = builder.buildAsync(URI.create(address), page.new Listener()).join();
    return page;
  }

  /** The HTTP status with which a socket is refused. */
  static int refusal(String address, String origin) {
    try {
      open(address, origin).cut();
      return 101;
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
  }

  private final class Listener implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        receive(new JsonObject(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed(code, reason);
      return null;
    }
  }

  private synchronized void closed(int code, String reason) {
    closeCode = code;
    closeReason = reason;
  }

  private synchronized void receive(JsonObject frame) {
    switch (frame.getString("op")) {
      case "assign" -> {
        generation = frame.getInteger("generation");
        numbers(frame.getJsonObject("add")).forEach(assigned::add);
      }
      case "revoke" -> numbers(frame.getJsonObject("drop")).forEach(assigned::remove);
      case "rec" -> {
        for (Object record : frame.getJsonArray("r")) {
          records.add(((JsonObject) record).copy().put("p", frame.getInteger("p")));
        }
      }
      case "ok", "err" -> {
        Integer id = frame.getInteger("id");
        if (frame.containsKey("sub")) {
          sub = frame.getInteger("sub");
        }
        if (id != null && answers.containsKey(id)) {
          answers.get(id).complete(frame);
        }
      }
      default -> {}
    }
  }

  private static List<Integer> numbers(JsonObject topics) {
    List<Integer> numbers = new ArrayList<>();
    topics.forEach(topic -> ((JsonArray) topic.getValue()).forEach(p -> numbers.add((Integer) p)));
    return numbers;
  }

  void join(String group, String instance, String topic, String from) {
    join(group, instance, null, topic, from);
  }

  void join(String group, String instance, String keep, String topic, String from) {
    JsonObject frame =
        new JsonObject()
            .put("op", "sub")
            .put("mode", "group")
            .put("group", group)
            .put("topics", new JsonArray().add(topic))
            .put("from", from);
    if (instance != null) {
      frame.put("instance", instance);
    }
    if (keep != null) {
      frame.put("keep", keep);
    }
    JsonObject answer = ask(frame);
    if (!answer.getString("op").equals("ok")) {
      throw new AssertionError(answer.encode());
    }
  }

  JsonObject ask(JsonObject frame) {
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    synchronized (this) {
      answers.put(++lastId, answer);
      frame.put("id", lastId);
      if (frame.getString("op").equals("ack")) {
        frame.put("sub", sub);
      }
    }
    socket.sendText(frame.encode(), true).join();
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }

  synchronized Set<Integer> assigned() {
    return Set.copyOf(assigned);
  }

  synchronized int generation() {
    return generation;
  }

  synchronized List<String> values() {
    return records.stream().map(record -> record.getJsonObject("v").encode()).toList();
  }

  synchronized List<Long> offsets(int partition) {
    return records.stream()
        .filter(record -> record.getInteger("p") == partition)
        .map(record -> record.getLong("o"))
        .toList();
  }

  synchronized int closeCode() {
    return closeCode;
  }

  synchronized String closeReason() {
    return closeReason;
  }

  boolean isOpen() {
    return !socket.isOutputClosed() && closeCode() == 0;
  }

  /** The connection breaks, without a word. */
  void cut() {
    socket.abort();
  }

  @Override
  public void close() {
    if (!socket.isOutputClosed()) {
      socket.sendClose(1000, "").join();
    }
  }
}
