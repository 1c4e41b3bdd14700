package io.millrace.handler;

import io.vertx.core.Future;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeAcls (29): who may do what (KIP-140).
 *
 * <ul>
 *   <li>1: types of patterns. 2: flexible. 3: users as resources.
 * </ul>
 *
 * <p>Everything is allowed here, as on a Kafka broker without {@code authorizer.class.name}, and
 * the answer is the same as there.
 *
 * <p>Not done: rules; {@link AclChangeHandlers} refuse them.
 *
 * <p>Stateless.
 */
public final class DescribeAclsHandler implements ApiHandler<DescribeAclsRequestData> {
  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_ACLS;
  }

  @Override
  public Future<ApiMessage> handle(RequestContext context, DescribeAclsRequestData request) {
    return Future.succeededFuture(
        new DescribeAclsResponseData()
            .setErrorCode(Errors.SECURITY_DISABLED.code())
            .setErrorMessage("No Authorizer is configured."));
  }
}
