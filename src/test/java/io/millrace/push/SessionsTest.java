package io.millrace.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which sessions are looked after in which second. */
class SessionsTest {
  private final Sessions<Fake> sessions = new Sessions<>();

  /** A session that notes the seconds in which it was looked after. */
  private final class Fake implements Sessions.Sleeper {
    private final long id;
    private final List<Long> seconds = new ArrayList<>();
    private boolean awake;
    private boolean busy;

    Fake(long id) {
      this.id = id;
    }

    @Override
    public long id() {
      return id;
    }

    @Override
    public void second(long tick) {
      seconds.add(tick);
    }

    @Override
    public void wake() {
      if (!awake) {
        awake = true;
        sessions.wake(this);
      }
    }

    @Override
    public boolean fallsAsleep() {
      awake = busy;
      return !awake;
    }
  }

  private Fake add(long id) {
    Fake session = new Fake(id);
    sessions.add(session);
    return session;
  }

  private void run(long from, long to) {
    LongStream.range(from, to).forEach(sessions::second);
  }

  @Test
  void oneAtRestHasItsSecondInTwenty() {
    Fake session = add(7);

    run(0, 60);

    assertThat(session.seconds).containsExactly(13L, 33L, 53L);
  }

  @Test
  void thoseAtRestTakeTurns() {
    List<Fake> many = LongStream.range(0, 40).mapToObj(this::add).toList();

    sessions.second(5);

    assertThat(many).filteredOn(session -> !session.seconds.isEmpty()).hasSize(2);
    assertThat(sessions.awake()).isZero();
  }

  @Test
  void oneThatIsBusyIsLookedAfterEachSecondAndOnlyOnce() {
    Fake session = add(7);
    session.busy = true;
    session.wake();

    run(10, 16);

    assertThat(session.seconds).containsExactly(10L, 11L, 12L, 13L, 14L, 15L);
    session.busy = false;
    run(16, 30);
    assertThat(session.seconds).as("it rests from the next second on").endsWith(15L, 16L);
  }

  @Test
  void oneThatWakesAtRestIsLookedAfterInTheNextSecond() {
    Fake session = add(7);
    run(0, 3);

    session.wake();
    run(3, 8);

    assertThat(session.seconds).containsExactly(3L);
  }

  @Test
  void whoIsGoneHasNoTurn() {
    Fake session = add(7);
    add(8);

    assertThat(sessions.remove(session)).isTrue();
    assertThat(sessions.remove(session)).isFalse();

    run(0, 40);
    assertThat(session.seconds).isEmpty();
    assertThat(sessions.size()).isEqualTo(1);
    assertThat(sessions.all()).extracting(Fake::id).containsExactly(8L);
  }
}
