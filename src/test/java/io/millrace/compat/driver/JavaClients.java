package io.millrace.compat.driver;

import io.millrace.compat.client.KafkaClients;
import io.millrace.compat.client.Operator;
import io.millrace.compat.client.Receiver;
import io.millrace.compat.client.Sender;
import java.util.Map;
import java.util.function.Supplier;

/** Clients of the Java library that this class was loaded with. Thread-safe. */
public final class JavaClients implements KafkaClients {

  @Override
  public Sender sender(Map<String, Object> settings) {
    return withOwnLoader(() -> new JavaSender(settings));
  }

  @Override
  public Receiver receiver(Map<String, Object> settings) {
    return withOwnLoader(() -> new JavaReceiver(settings));
  }

  @Override
  public Operator operator(String bootstrap) {
    return withOwnLoader(() -> new JavaOperator(bootstrap));
  }

  /** The library looks up its plug-ins in the thread's context class loader. */
  static <T> T withOwnLoader(Supplier<T> made) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(JavaClients.class.getClassLoader());
    try {
      return made.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
