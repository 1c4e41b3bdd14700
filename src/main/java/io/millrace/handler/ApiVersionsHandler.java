package io.millrace.handler;

import io.vertx.core.Future;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * ApiVersions (18): which APIs this broker answers, in which versions (KIP-35).
 *
 * <ul>
 *   <li>0-2: plain encoding.
 *   <li>3: flexible; the client says its software's name and version (KIP-511).
 *   <li>4: features with a minimum version of 0 may be listed (KIP-1022).
 *   <li>5: the client may say which cluster and node it means to reach (KIP-1242).
 * </ul>
 *
 * <p>A request of an unknown version is answered in version 0 with UNSUPPORTED_VERSION and the full
 * list, so that the client can choose at once. Produce is listed from version 0 though it is
 * answered from 3 on: librdkafka decides by that on the codecs it may use (KAFKA-18659).
 *
 * <p>No features are listed: none of those that Kafka names changes what this broker does.
 */
public final class ApiVersionsHandler implements ApiHandler<ApiVersionsRequestData> {
  private final Handlers handlers;

  ApiVersionsHandler(Handlers handlers) {
    this.handlers = handlers;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.API_VERSIONS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, ApiVersionsRequestData request) {
    return Future.succeededFuture(answer(Errors.NONE));
  }

  /** The list of what is registered, with an error code beside it. */
  ApiVersionsResponseData answer(Errors error) {
    ApiVersionCollection versions = new ApiVersionCollection();
    for (ApiHandler<?> handler : handlers.all()) {
      if (!handler.isAdvertised()) {
        continue;
      }
      short lowest = handler.api() == ApiKeys.PRODUCE ? 0 : handler.minVersion();
      versions.add(
          new ApiVersion()
              .setApiKey(handler.api().id)
              .setMinVersion(lowest)
              .setMaxVersion(handler.maxVersion()));
    }
    return new ApiVersionsResponseData().setErrorCode(error.code()).setApiKeys(versions);
  }
}
