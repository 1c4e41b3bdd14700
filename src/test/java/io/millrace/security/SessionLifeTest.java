package io.millrace.security;

import static io.millrace.security.SessionLife.Due.END;
import static io.millrace.security.SessionLife.Due.NOTHING;
import static io.millrace.security.SessionLife.Due.WARN;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;

/** A session and the end of its credentials. */
class SessionLifeTest {
  private final KafkaPrincipal alice = new KafkaPrincipal("User", "alice");
  private final SessionLife life = new SessionLife(new Grant(alice, 100_000));

  @Test
  void isWarnedOnceAMinuteBeforeTheEnd() {
    assertThat(life.look(39_999)).isEqualTo(NOTHING);
    assertThat(life.look(40_000)).isEqualTo(WARN);
    assertThat(life.remainingMs(40_000)).isEqualTo(60_000);
    assertThat(life.look(40_001)).isEqualTo(NOTHING);
  }

  @Test
  void endsWithItsCredentials() {
    assertThat(life.look(100_000)).isEqualTo(END);
  }

  @Test
  void goesOnWithNewCredentialsOfTheSamePrincipal() {
    life.look(50_000);

    assertThat(life.renew(new Grant(alice, 300_000))).isTrue();
    assertThat(life.look(100_000)).isEqualTo(NOTHING);
    assertThat(life.look(240_000)).isEqualTo(WARN);
  }

  @Test
  void neverBecomesSomebodyElse() {
    Grant other = new Grant(new KafkaPrincipal("User", "mallory"), Grant.NEVER);

    assertThat(life.renew(other)).isFalse();
    assertThat(life.grant().principal()).isEqualTo(alice);
  }

  @Test
  void saysWhenTheNextLookIsWorthIt() {
    assertThat(life.nextLookInMs(0)).isEqualTo(40_000);
    life.look(40_000);
    assertThat(life.nextLookInMs(40_000)).isEqualTo(60_000);
    assertThat(new SessionLife(Grant.ANONYMOUS).nextLookInMs(0)).isEqualTo(Long.MAX_VALUE);
  }
}
