package io.millrace.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData.DeleteAclsFilter;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

/** What kafka-acls is told by a broker without access control: what Kafka tells it. */
class AclChangeHandlersTest {
  private static final short DISABLED = Errors.SECURITY_DISABLED.code();
  private static final String WORDS = "No Authorizer is configured.";

  private final HandlerFixture fixture = new HandlerFixture();
  private final Map<ApiKeys, ApiHandler<?>> handlers =
      AclChangeHandlers.all().stream()
          .collect(Collectors.toMap(ApiHandler::api, Function.identity()));

  @SuppressWarnings("unchecked") // the request's class is that of the API
  private <Q extends ApiMessage, A extends ApiMessage> A call(
      ApiKeys api, Q request, Class<A> answer) {
    return fixture.call((ApiHandler<Q>) handlers.get(api), request, answer);
  }

  @Test
  void refusesEachCreationAndEachDeletion() {
    AclCreation creation =
        new AclCreation()
            .setResourceType(ResourceType.TOPIC.code())
            .setResourceName("t")
            .setPrincipal("User:a")
            .setHost("*")
            .setOperation(AclOperation.READ.code())
            .setPermissionType(AclPermissionType.ALLOW.code());
    DeleteAclsFilter filter =
        new DeleteAclsFilter()
            .setResourceTypeFilter(ResourceType.ANY.code())
            .setOperation(AclOperation.ANY.code())
            .setPermissionType(AclPermissionType.ANY.code());

    CreateAclsResponseData created =
        call(
            ApiKeys.CREATE_ACLS,
            new CreateAclsRequestData().setCreations(List.of(creation, creation.duplicate())),
            CreateAclsResponseData.class);
    DeleteAclsResponseData deleted =
        call(
            ApiKeys.DELETE_ACLS,
            new DeleteAclsRequestData().setFilters(List.of(filter)),
            DeleteAclsResponseData.class);

    assertThat(created.results()).hasSize(2).allMatch(r -> r.errorCode() == DISABLED);
    assertThat(deleted.filterResults())
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.errorCode()).isEqualTo(DISABLED);
              assertThat(result.errorMessage()).isEqualTo(WORDS);
            });
  }
}
