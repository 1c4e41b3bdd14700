package io.millrace.push;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The operations that sessions know, by name. Immutable. */
final class Ops {
  private final Map<String, Op> byName;

  private Ops(Map<String, Op> byName) {
    this.byName = byName;
  }

  /** Everything that there is. */
  static Ops of(PushServices services) {
    Map<String, Op> ops = new TreeMap<>();
    ops.put("sub", new SubOp(services, Map.of(GroupOp.GROUP, new GroupOp(services))));
    ops.put("credit", FlowOps::credit);
    ops.put("pause", FlowOps::pause);
    ops.put("resume", FlowOps::resume);
    ops.put("ack", AckOp::run);
    ops.put("unsub", FlowOps::unsub);
    ops.put("seek", SeekOp::run);
    ops.put("pub", new PubOp(services));
    ops.put("auth", new AuthOp(services.admission()));
    ops.put("watch", new WatchOps(services.liveViews())::watch);
    ops.put("unwatch", WatchOps::unwatch);
    ops.put("ping", (session, request) -> session.ok(request.id(), new JsonObject()));
    return new Ops(ops);
  }

  @Nullable Op get(String name) {
    return byName.get(name);
  }

  Set<String> names() {
    return byName.keySet();
  }
}
