package io.millrace.compat.client;

import java.util.Map;

/** Makes clients of one library version. Thread-safe. */
public interface KafkaClients {

  /** A producer of strings. */
  Sender sender(Map<String, Object> settings);

  /** A consumer of strings. */
  Receiver receiver(Map<String, Object> settings);

  /** An admin client. */
  Operator operator(String bootstrap);
}
