package io.millrace.handler;

import io.vertx.core.Future;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * CreateAcls (30) and DeleteAcls (31) of a broker without access control: each is
 * SECURITY_DISABLED, in the words of a Kafka that has no authorizer. Stateless.
 */
public final class AclChangeHandlers {
  private static final short CODE = Errors.SECURITY_DISABLED.code();
  private static final String MESSAGE = "No Authorizer is configured.";

  private AclChangeHandlers() {}

  /** A handler for each of the two. */
  public static List<ApiHandler<?>> all() {
    return List.of(new Create(), new Delete());
  }

  private static final class Create implements ApiHandler<CreateAclsRequestData> {
    @Override
    public ApiKeys api() {
      return ApiKeys.CREATE_ACLS;
    }

    @Override
    public Future<ApiMessage> handle(RequestContext context, CreateAclsRequestData request) {
      AclCreationResult refused =
          new AclCreationResult().setErrorCode(CODE).setErrorMessage(MESSAGE);
      return Future.succeededFuture(
          new CreateAclsResponseData()
              .setResults(Collections.nCopies(request.creations().size(), refused)));
    }
  }

  private static final class Delete implements ApiHandler<DeleteAclsRequestData> {
    @Override
    public ApiKeys api() {
      return ApiKeys.DELETE_ACLS;
    }

    @Override
    public Future<ApiMessage> handle(RequestContext context, DeleteAclsRequestData request) {
      DeleteAclsFilterResult refused =
          new DeleteAclsFilterResult().setErrorCode(CODE).setErrorMessage(MESSAGE);
      return Future.succeededFuture(
          new DeleteAclsResponseData()
              .setFilterResults(Collections.nCopies(request.filters().size(), refused)));
    }
  }
}
