package io.millrace.cli.tool;

import static io.millrace.cli.tool.AdminSession.await;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The web door of a broker, found by way of the Kafka protocol: the port that the broker's settings
 * name, or one of those that a broker searches when none is written down. What answers there must
 * belong to the same cluster. Confined to: the main thread.
 */
public final class WebDoor {
  private static final int FIRST_PORT = 8080;
  private static final int PORTS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final String base;

  private WebDoor(String base) {
    this.base = base;
  }

  /** That of this address, {@code HOST:PORT} or a URL. */
  public static WebDoor at(String address) {
    return new WebDoor(address.contains("://") ? address : "http://" + address);
  }

  /**
   * That of any broker of the cluster.
   *
   * @throws ToolException when none answers
   */
  public static WebDoor of(AdminSession session) {
    String clusterId = String.valueOf(await(session.admin().describeCluster().clusterId()));
    Set<String> tried = new LinkedHashSet<>();
    for (Node broker : await(session.admin().describeCluster().nodes())) {
      for (int port : ports(session, broker)) {
        String address = broker.host() + ":" + port;
        WebDoor door = at(address);
        if (tried.add(address) && door.belongsTo(clusterId)) {
          return door;
        }
      }
    }
    throw ToolException.notReached("No broker of the cluster answers on a web door.")
        .hint("Name one with --http HOST:PORT; http.port in the broker's file says which.");
  }

  private static List<Integer> ports(AdminSession session, Node broker) {
    List<Integer> ports = new ArrayList<>();
    int told = told(session, broker);
    if (told > 0 && told != FIRST_PORT) {
      ports.add(told);
    } else if (told >= 0) {
      for (int i = 0; i < PORTS; i++) {
        ports.add(FIRST_PORT + i);
      }
    }
    return ports;
  }

  private static int told(AdminSession session, Node broker) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
    try {
      return Optional.ofNullable(
              await(session.admin().describeConfigs(List.of(resource)).all())
                  .get(resource)
                  .get("http.port"))
          .map(entry -> Integer.parseInt(entry.value()))
          .orElse(-1);
    } catch (ApiException e) {
      // A broker that is away cannot be asked; another one may answer.
      return -1;
    }
  }

  private boolean belongsTo(String clusterId) {
    try {
      JsonObject cluster = get("/api/v1/overview").getJsonObject("cluster", new JsonObject());
      return clusterId.equals(cluster.getString("id"));
    } catch (ToolException | ClassCastException e) {
      // Something else listens there, or nothing.
      return false;
    }
  }

  /**
   * Asks for a document.
   *
   * @throws ToolException when there is no answer, or it refuses
   */
  public JsonObject get(String path) {
    URI uri = URI.create(base + path);
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
      JsonObject body = new JsonObject(answer.body());
      if (answer.statusCode() >= 400) {
        throw ToolException.failed(
            uri + " says: " + body.getString("detail", body.getString("title", "no")));
      }
      return body;
    } catch (IOException e) {
      throw ToolException.notReached(uri + " does not answer.").because(e);
    } catch (DecodeException e) {
      throw ToolException.failed(uri + " does not answer with JSON.").because(e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
