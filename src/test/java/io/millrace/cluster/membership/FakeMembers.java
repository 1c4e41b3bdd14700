package io.millrace.cluster.membership;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.EntryEventType;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.map.IMap;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Members whose one map does with each call what a test says, as nothing else does on demand. */
final class FakeMembers {
  /** A write that waits for the test's answer. */
  record Write(String key, String value, CompletableFuture<Void> answer) {}

  /** Called in the middle of reading, before the value of a key is handed out. */
  interface Reading {
    void of(String key);
  }

  final Deque<Write> writes = new ArrayDeque<>();
  final Map<String, byte[]> present = new LinkedHashMap<>();
  Reading reading = key -> {};
  boolean answersReads = true;

  private final List<Following> listeners = new ArrayList<>();
  private final Member self = member();
  private final Member other = member();

  HazelcastInstance instance() {
    IMap<?, ?> map = fake(IMap.class, (proxy, method, with) -> onMap(method.getName(), with));
    Cluster cluster = fake(Cluster.class, (proxy, method, with) -> self);
    return fake(
        HazelcastInstance.class,
        (proxy, method, with) -> method.getName().equals("getCluster") ? cluster : map);
  }

  /** The event of a write of this broker. */
  void tellOwn(String key, String value) {
    tell(self, key, value);
  }

  /** The event of a write of another broker. */
  void tellOther(String key, String value) {
    tell(other, key, value);
  }

  /** The event of a key that another broker took away. */
  void tellTaken(String key) {
    EntryEvent<String, byte[]> event = event(other, EntryEventType.REMOVED, key, null);
    listeners.forEach(listener -> listener.entryRemoved(event));
  }

  int listeners() {
    return listeners.size();
  }

  private void tell(Member by, String key, String value) {
    EntryEvent<String, byte[]> event =
        event(by, EntryEventType.UPDATED, key, value.getBytes(StandardCharsets.UTF_8));
    listeners.forEach(listener -> listener.entryUpdated(event));
  }

  private static EntryEvent<String, byte[]> event(
      Member by, EntryEventType kind, String key, byte[] value) {
    return new EntryEvent<>("map", by, kind.getType(), key, value);
  }

  private Object onMap(String method, Object[] with) {
    return switch (method) {
      case "setAsync" ->
          write((String) with[0], new String((byte[]) with[1], StandardCharsets.UTF_8));
      case "removeAsync" -> write((String) with[0], null);
      case "addEntryListener" -> {
        listeners.add((Following) with[0]);
        yield UUID.randomUUID();
      }
      case "keySet" -> keys();
      case "get" -> {
        byte[] value = present.get((String) with[0]);
        reading.of((String) with[0]);
        yield value;
      }
      default -> throw new UnsupportedOperationException(method);
    };
  }

  private Set<String> keys() {
    if (!answersReads) {
      throw new OperationTimeoutException("nobody answers");
    }
    return present.keySet();
  }

  private CompletableFuture<Void> write(String key, String value) {
    Write write = new Write(key, value, new CompletableFuture<>());
    writes.add(write);
    return write.answer();
  }

  private static Member member() {
    return fake(
        Member.class,
        (proxy, method, with) -> method.getName().equals("equals") && proxy == with[0]);
  }

  private static <T> T fake(Class<T> type, InvocationHandler calls) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
  }
}
