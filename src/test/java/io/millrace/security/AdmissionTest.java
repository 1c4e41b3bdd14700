package io.millrace.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.security.Admission.Decision;
import io.millrace.security.Admission.Decision.Admitted;
import io.millrace.security.Admission.Decision.MustAuthenticate;
import io.millrace.security.Admission.Decision.Refused;
import io.millrace.security.Admission.Handshake;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;

/** Who may begin a session. */
class AdmissionTest {
  private static final String PAGE = "http://localhost:8080";
  private static final String HOST = "localhost:8080";

  private final Tickets tickets = new Tickets(new Random(1)::nextBytes, 10, 10);
  private final OriginPolicy origins = OriginPolicy.of(List.of());
  private final Admission open = new Admission(origins, tickets, false);
  private final Admission closed = new Admission(origins, tickets, true);
  private final Grant alice = new Grant(new KafkaPrincipal("User", "alice"), Grant.NEVER);

  private String ticket() {
    return String.valueOf(tickets.issue(alice, PAGE, "10.0.0.1", 0));
  }

  private static Handshake bare(String origin) {
    return new Handshake(origin, HOST, List.of("millrace.v1.json"), Set.of(), null);
  }

  private static Handshake offering(String ticket) {
    return new Handshake(
        PAGE, HOST, List.of("millrace.v1.json", "millrace.ticket." + ticket), Set.of(), null);
  }

  private static Handshake withParameter(String name, String ticket) {
    return new Handshake(PAGE, HOST, List.of(), Set.of("from", name), ticket);
  }

  @Test
  void everyoneIsAnonymousWithoutAWayToLogIn() {
    assertThat(open.decide(bare(PAGE), 0)).isEqualTo(new Admitted(Grant.ANONYMOUS));
    assertThat(open.decide(bare(null), 0)).isEqualTo(new Admitted(Grant.ANONYMOUS));
  }

  @Test
  void whoMustLogInHasUntilTheFirstFrame() {
    assertThat(closed.decide(bare(PAGE), 0)).isEqualTo(new MustAuthenticate());
  }

  @Test
  void aTicketRidesAsSubprotocolOrParameter() {
    assertThat(closed.decide(offering(ticket()), 0)).isEqualTo(new Admitted(alice));
    assertThat(closed.decide(withParameter("ticket", ticket()), 0)).isEqualTo(new Admitted(alice));
  }

  @Test
  void aTicketThatIsPresentedMustBeGoodAlsoWhereNoneIsNeeded() {
    String used = ticket();
    open.decide(offering(used), 0);

    Decision decision = open.decide(offering(used), 1);

    assertThat(decision).isInstanceOf(Refused.class);
    assertThat(((Refused) decision).status()).isEqualTo(401);
    assertThat(((Refused) decision).why()).contains("used before");
    assertThat(((Refused) decision).hint()).contains("POST /api/v1/tickets");
  }

  @Test
  void aForeignPageIsRefusedAndItsTicketIsNotUsed() {
    String good = ticket();
    Handshake foreign =
        new Handshake(
            "https://evil.example", HOST, List.of("millrace.ticket." + good), Set.of(), null);

    Decision decision = open.decide(foreign, 0);

    assertThat(((Refused) decision).status()).isEqualTo(403);
    assertThat(((Refused) decision).hint()).contains("http.origins");
    assertThat(open.decide(offering(good), 0)).isEqualTo(new Admitted(alice));
  }

  @Test
  void secretsThatLiveLongAreRefusedInTheAddress() {
    for (String name : List.of("access_token", "Token", "password", "api_key")) {
      Decision decision = open.decide(withParameter(name, null), 0);

      assertThat(((Refused) decision).status()).as(name).isEqualTo(400);
      assertThat(((Refused) decision).why()).contains(name);
    }
  }

  @Test
  void theProtocolThatIsAnsweredIsNeverATicket() {
    assertThat(
            Admission.protocolsWithoutTickets(
                List.of("millrace.ticket.abc", "millrace.v1.bin", "millrace.v1.json")))
        .containsExactly("millrace.v1.bin", "millrace.v1.json");
  }
}
