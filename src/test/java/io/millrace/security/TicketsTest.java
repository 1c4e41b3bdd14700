package io.millrace.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.security.Tickets.Redeemed;
import java.util.Random;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;

/** A ticket: one use, 30 s, one origin, and never too many. */
class TicketsTest {
  private static final String PAGE = "https://shop.example";
  private static final String ADDRESS = "10.0.0.1";

  private final Grant alice = new Grant(new KafkaPrincipal("User", "alice"), Grant.NEVER);
  private final Tickets tickets = new Tickets(new Random(1)::nextBytes, 4, 3);

  private String issue(String address, long nowMs) {
    return tickets.issue(alice, PAGE, address, nowMs);
  }

  private static String why(Redeemed redeemed) {
    return ((Redeemed.Refused) redeemed).why();
  }

  @Test
  void isGoodOnceAsTheOneWhoAsked() {
    String ticket = issue(ADDRESS, 0);

    assertThat(tickets.redeem(ticket, PAGE, 10)).isEqualTo(new Redeemed.Good(alice));
    assertThat(why(tickets.redeem(ticket, PAGE, 20))).contains("used before");
  }

  @Test
  void isGoodForThirtySecondsAndNotOneMillisecondLonger() {
    String early = issue(ADDRESS, 0);
    String late = issue(ADDRESS, 0);

    assertThat(tickets.redeem(early, PAGE, 29_999)).isInstanceOf(Redeemed.Good.class);
    assertThat(why(tickets.redeem(late, PAGE, 30_000))).contains("older than 30 s");
  }

  @Test
  void isGoodFromTheOriginThatAskedAlone() {
    assertThat(why(tickets.redeem(issue(ADDRESS, 0), "https://evil.example", 0)))
        .contains("another origin");
    assertThat(tickets.redeem(issue(ADDRESS, 0), null, 0)).isInstanceOf(Redeemed.Refused.class);
    assertThat(tickets.redeem(issue(ADDRESS, 0), "HTTPS://Shop.Example:443", 0))
        .isInstanceOf(Redeemed.Good.class);
  }

  @Test
  void isUsedUpByTheWrongOrigin() {
    String ticket = issue(ADDRESS, 0);
    tickets.redeem(ticket, "https://evil.example", 0);

    assertThat(tickets.redeem(ticket, PAGE, 0)).isInstanceOf(Redeemed.Refused.class);
  }

  @Test
  void ofAProgramIsGoodForAProgram() {
    String ticket = tickets.issue(alice, null, ADDRESS, 0);

    assertThat(tickets.redeem(ticket, null, 0)).isInstanceOf(Redeemed.Good.class);
  }

  @Test
  void carriesTwoHundredFiftySixBitsThatFitASubprotocol() {
    assertThat(issue(ADDRESS, 0)).matches("[A-Za-z0-9_-]{43}").isNotEqualTo(issue(ADDRESS, 0));
  }

  @Test
  void areBoundedForOneAddressAndInAll() {
    issue(ADDRESS, 0);
    issue(ADDRESS, 0);
    issue(ADDRESS, 0);

    assertThat(issue(ADDRESS, 1)).isNull();
    assertThat(issue("10.0.0.2", 1)).isNotNull();
    assertThat(issue("10.0.0.3", 1)).isNull();
  }

  @Test
  void makeRoomByTheirUseAndByTheirAge() {
    String first = issue(ADDRESS, 0);
    issue(ADDRESS, 0);
    issue(ADDRESS, 1_000);
    tickets.redeem(first, PAGE, 2_000);
    assertThat(issue(ADDRESS, 2_000)).isNotNull();
    assertThat(issue(ADDRESS, 2_000)).isNull();

    assertThat(issue(ADDRESS, 30_500)).isNotNull();
    assertThat(tickets.count(30_500)).isEqualTo(3);
  }
}
