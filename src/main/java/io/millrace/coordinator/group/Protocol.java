package io.millrace.coordinator.group;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;

/**
 * A protocol (assignor) that a member supports. Immutable.
 *
 * @param name name of the assignor
 * @param metadata the member's subscription in the protocol's own format
 */
record Protocol(String name, byte[] metadata) {

  /**
   * The protocols of a JoinGroup in the order of the member's preference. A name that stands there
   * twice counts once: a member has one vote.
   */
  static List<Protocol> listOf(JoinGroupRequestProtocolCollection protocols) {
    Map<String, Protocol> byName = new LinkedHashMap<>();
    protocols.forEach(protocol -> byName.putIfAbsent(protocol.name(), of(protocol)));
    return List.copyOf(byName.values());
  }

  private static Protocol of(JoinGroupRequestProtocol protocol) {
    return new Protocol(protocol.name(), protocol.metadata());
  }

  boolean isSameAs(Protocol other) {
    return name.equals(other.name) && Arrays.equals(metadata, other.metadata);
  }
}
