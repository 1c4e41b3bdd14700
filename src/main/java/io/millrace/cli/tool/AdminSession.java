package io.millrace.cli.tool;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/** An admin client for the length of a command. Confined to: the main thread. */
public final class AdminSession implements AutoCloseable {
  private final Admin admin;

  private AdminSession(Admin admin) {
    this.admin = admin;
  }

  /**
   * Connects.
   *
   * @param clientId name of the tool, as the broker sees it
   * @throws ToolException when nobody listens there
   */
  public static AdminSession open(Bootstrap bootstrap, String clientId) {
    bootstrap.checkReachable();
    return new AdminSession(Admin.create(bootstrap.client(Map.of("client.id", clientId))));
  }

  /** The client. */
  public Admin admin() {
    return admin;
  }

  /**
   * Waits for an answer.
   *
   * @throws RuntimeException what the request failed with, unwrapped
   */
  public static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw Failures.cause(e) instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
