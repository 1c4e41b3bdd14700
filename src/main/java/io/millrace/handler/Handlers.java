package io.millrace.handler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The registry of handlers: the one truth about which APIs, in which versions, this broker answers.
 * ApiVersions (KIP-35) advertises exactly these, save Produce 0 to 2 (see {@link
 * ApiVersionsHandler}). Immutable.
 */
public final class Handlers {
  private final Map<ApiKeys, ApiHandler<?>> byApi = new EnumMap<>(ApiKeys.class);
  private final ApiVersionsHandler apiVersions;

  /**
   * Registers {@code handlers} and the handler of ApiVersions.
   *
   * @throws IllegalArgumentException when two handlers answer the same API
   */
  public Handlers(List<? extends ApiHandler<?>> handlers) {
    List<ApiHandler<?>> all = new ArrayList<>(handlers);
    apiVersions = new ApiVersionsHandler(this);
    all.add(apiVersions);
    for (ApiHandler<?> handler : all) {
      if (byApi.put(handler.api(), handler) != null) {
        throw new IllegalArgumentException("two handlers for " + handler.api().name);
      }
    }
  }

  /** The handler of an API; null when none is registered. */
  public @Nullable ApiHandler<?> of(ApiKeys api) {
    return byApi.get(api);
  }

  /** What ApiVersions answers, with an error code beside it. */
  public ApiVersionsResponseData apiVersions(Errors error) {
    return apiVersions.answer(error);
  }

  /** All handlers, in the order of their API keys. */
  public Collection<ApiHandler<?>> all() {
    return Collections.unmodifiableCollection(byApi.values());
  }
}
