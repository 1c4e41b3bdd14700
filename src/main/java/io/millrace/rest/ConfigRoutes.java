package io.millrace.rest;

import io.millrace.eventloop.EventLoop;
import io.millrace.rest.problem.Problem;
import io.millrace.rest.problem.ProblemException;
import io.millrace.rest.view.Access;
import io.millrace.rest.view.Content;
import io.millrace.rest.view.Look;
import io.millrace.rest.view.OwnBroker;
import io.millrace.rest.view.Sources;
import io.millrace.rest.view.View;
import io.millrace.rest.view.Views;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;

/** Changes configs of topics and brokers, key by key. Thread-safe. */
final class ConfigRoutes implements Routes {
  private static final String OF_TOPIC = "/api/v1/topics/{topic}/configs";
  private static final String OF_BROKER = "/api/v1/brokers/{broker}/configs";

  private final Sources sources;
  private final Views views;
  private final Access access;

  ConfigRoutes(Sources sources, Views views) {
    this.sources = sources;
    this.views = views;
    this.access = new Access(sources.authorizer());
  }

  @Override
  public void mount(Router router, EventLoop loop) {
    router
        .patch(ViewRoutes.path(OF_TOPIC))
        .handler(context -> ofTopic(new ApiRequest(context, loop)));
    router
        .patch(ViewRoutes.path(OF_BROKER))
        .handler(context -> ofBroker(new ApiRequest(context, loop)));
  }

  private void ofTopic(ApiRequest request) {
    String topic = request.name("topic");
    access.topic(request.caller(), AclOperation.ALTER_CONFIGS, topic);
    access.describedTopic(request.caller(), sources.cluster().image(), topic);
    alter(request, ConfigResource.Type.TOPIC, topic, OF_TOPIC);
  }

  private void ofBroker(ApiRequest request) {
    access.cluster(request.caller(), AclOperation.ALTER_CONFIGS);
    // It is answered with what is in force then, which only that broker knows: nothing is changed
    // where that cannot be told.
    OwnBroker.require(
        sources.cluster().image(), sources.cluster().brokerId(), request.name("broker"));
    alter(request, ConfigResource.Type.BROKER, request.name("broker"), OF_BROKER);
  }

  private void alter(ApiRequest request, ConfigResource.Type type, String name, String shownBy) {
    Look look = request.look(Set.of());
    JsonBody body = request.body("set", "unset", "validateOnly");
    AlterConfigsResource resource =
        new AlterConfigsResource().setResourceType(type.id()).setResourceName(name);
    body.texts("set")
        .forEach(
            (key, value) ->
                resource
                    .configs()
                    .add(
                        new AlterableConfig()
                            .setName(key)
                            .setValue(value)
                            .setConfigOperation(OpType.SET.id())));
    for (String key : body.names("unset")) {
      boolean added =
          resource
              .configs()
              .add(
                  new AlterableConfig()
                      .setName(key)
                      .setValue(null)
                      .setConfigOperation(OpType.DELETE.id()));
      if (!added) {
        throw new ProblemException(Problem.badRequest("The key " + key + " is unset twice."));
      }
    }
    if (resource.configs().isEmpty()) {
      throw new ProblemException(
          Problem.badRequest("Nothing is changed.").hint("Name keys in set or unset."));
    }
    IncrementalAlterConfigsRequestData data =
        new IncrementalAlterConfigsRequestData().setValidateOnly(body.flag("validateOnly", false));
    data.resources().add(resource);
    request.answer(
        200,
        sources
            .cluster()
            .incrementalAlterConfigs(request.loop(), request.caller(), data)
            .compose(
                answer -> {
                  AlterConfigsResourceResponse result = answer.responses().get(0);
                  Kafka.check(result.errorCode(), result.errorMessage());
                  View view = views.of(shownBy);
                  return request
                      .loop()
                      .ask(sources.views(), () -> view.look(look).map(Content::encode));
                })
            .map(JsonObject::new));
  }
}
