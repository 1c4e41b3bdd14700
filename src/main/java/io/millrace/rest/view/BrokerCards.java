package io.millrace.rest.view;

import io.millrace.cluster.SoftShare;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What brokers tell each other of themselves, for displays: version, load, disks. Thread-safe. */
public final class BrokerCards {
  private static final String SPACE = "brokers";
  private static final long EVERY_MS = 2_000;

  private final SoftShare share;
  private final int brokerId;
  private final Map<Integer, JsonObject> cards = new ConcurrentHashMap<>();

  /**
   * @param brokerId id of this broker
   */
  public BrokerCards(SoftShare share, int brokerId) {
    this.share = share;
    this.brokerId = brokerId;
  }

  /**
   * Tells the others of this broker from now on, and listens to them.
   *
   * @param views the loop of views
   * @param own what this broker tells; empty while there is nobody to tell it
   */
  void begin(EventLoop views, Supplier<Optional<JsonObject>> own) {
    if (share != SoftShare.NONE) {
      share.follow(SPACE, views, this::heard);
      tell(views, own);
    }
  }

  private void tell(EventLoop views, Supplier<Optional<JsonObject>> own) {
    own.get()
        .map(card -> card.encode().getBytes(StandardCharsets.UTF_8))
        .ifPresent(card -> share.publish(SPACE, Integer.toString(brokerId), card));
    views.scheduleTurn(EVERY_MS, () -> tell(views, own));
  }

  private void heard(String key, byte @Nullable [] value) {
    try {
      int id = Integer.parseInt(key);
      if (value == null) {
        cards.remove(id);
      } else if (id != brokerId) {
        cards.put(id, new JsonObject(Buffer.buffer(value)));
      }
    } catch (NumberFormatException | DecodeException e) {
      // Of another version, which tells of itself in other words: it is shown without them.
      return;
    }
  }

  /** What a broker told last; null when nothing was heard of it. */
  @Nullable JsonObject of(int id) {
    return cards.get(id);
  }
}
