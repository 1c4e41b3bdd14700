package io.millrace.handler;

import io.millrace.cluster.ClusterFixture;
import io.millrace.model.Caller;
import io.millrace.security.Authorizer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * Calls handlers of the cluster's APIs as a connection does: requests and answers go through their
 * encoding of the version. Confined to: the test's thread.
 */
final class HandlerFixture implements Authorizer {
  final ClusterFixture world;
  final Caller caller = ClusterFixture.CALLER;
  private final Set<String> forbidden = new HashSet<>();

  HandlerFixture() {
    this(Map.of());
  }

  HandlerFixture(Map<String, String> config) {
    world = new ClusterFixture(config, new ArrayList<>());
  }

  /** From now on the caller may not do that with the resource of that name. */
  void forbid(AclOperation operation, String name) {
    forbidden.add(operation + name);
  }

  @Override
  public boolean allows(
      Caller who,
      AclOperation operation,
      org.apache.kafka.common.resource.ResourceType type,
      String name) {
    return !forbidden.contains(operation + name);
  }

  /** The answer to a request of the newest version. */
  <Q extends ApiMessage, A extends ApiMessage> A call(
      ApiHandler<Q> handler, Q request, Class<A> answer) {
    return call(handler, request, answer, handler.maxVersion());
  }

  /** The answer as a client of that version reads it. */
  @SuppressWarnings("unchecked") // the request's class is that of the handler's API
  <Q extends ApiMessage, A extends ApiMessage> A call(
      ApiHandler<Q> handler, Q request, Class<A> answer, int version) {
    ApiMessageType type = ApiMessageType.fromApiKey(handler.api().id);
    Q received = (Q) coded(request, type.newRequest(), (short) version);
    ApiMessage given = world.ask(() -> handler.handle(context(handler, (short) version), received));
    return answer.cast(coded(given, type.newResponse(), (short) version));
  }

  private static ApiMessage coded(ApiMessage message, ApiMessage empty, short version) {
    ByteBuffer bytes = MessageUtil.toByteBufferAccessor(message, version).buffer();
    empty.read(new ByteBufferAccessor(bytes), version);
    return empty;
  }

  private RequestContext context(ApiHandler<?> handler, short version) {
    return new RequestContext(
        handler.api(),
        version,
        caller,
        dialled(),
        world.asker,
        NO_FRAME,
        ConnectionScope.ENDLESS,
        1,
        "test",
        "1");
  }

  private static InetSocketAddress dialled() {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 1, 2, 3}), 9292);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static final FrameRef NO_FRAME =
      new FrameRef() {
        @Override
        public void retain() {}

        @Override
        public void release() {}
      };
}
