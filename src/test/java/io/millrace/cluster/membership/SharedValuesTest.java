package io.millrace.cluster.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.membership.FakeMembers.Write;
import io.millrace.eventloop.EventLoop;
import io.millrace.eventloop.SimScheduler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values among members that fail, answer late, or tell of what others wrote meanwhile. */
class SharedValuesTest {
  private final SimScheduler world = new SimScheduler(1);
  private final EventLoop worker = world.process("broker").loop("membership");
  private final EventLoop loop = world.process("broker").loop("follower");
  private final FakeMembers members = new FakeMembers();
  private final SharedValues shared = new SharedValues(worker::execute);
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void open() {
    shared.follow(
        "groups", loop, (key, value) -> told.add(key + "=" + (value == null ? null : text(value))));
    onWorker(() -> shared.open(members.instance()));
  }

  @Test
  void repeatsAWriteThatFailed() {
    publish("one");
    fail(members.writes.remove());
    assertThat(members.writes).isEmpty();

    onWorker(shared::tryAgain);

    assertThat(members.writes).extracting(Write::value).containsExactly("one");
  }

  @Test
  void repeatsARemovalThatFailed() {
    shared.remove("groups", "orders");
    settle();
    fail(members.writes.remove());

    onWorker(shared::tryAgain);

    assertThat(members.writes).extracting(Write::value).containsExactly((String) null);
  }

  @Test
  void doesNotRepeatARemovalAfterAnotherBrokerPublished() {
    shared.remove("groups", "orders");
    settle();
    fail(members.writes.remove());

    members.tellOther("orders", "theirs");
    onWorker(shared::tryAgain);

    assertThat(members.writes).isEmpty();
  }

  @Test
  void writesAKeyOnlyWhenTheWriteBeforeIsAnswered() {
    publish("one");
    publish("two");
    publish("three");
    assertThat(members.writes).extracting(Write::value).containsExactly("one");

    members.writes.remove().answer().complete(null);
    settle();

    assertThat(members.writes).extracting(Write::value).containsExactly("three");
  }

  @Test
  void keepsWhatItPublishedAfterAnotherBrokersWriteOfBefore() {
    // Given a value that waits for the answer of the one before
    publish("one");
    publish("two");
    members.tellOwn("orders", "one");
    // When the event of another broker's write comes, which was made before ours
    members.tellOther("orders", "theirs");
    members.writes.remove().answer().complete(null);
    settle();
    // Then ours is written nevertheless
    assertThat(members.writes).extracting(Write::value).containsExactly("two");
  }

  @Test
  void leavesAKeyToTheBrokerThatPublishedItSince() {
    publish("one");
    members.writes.remove().answer().complete(null);
    members.tellOwn("orders", "one");
    members.tellOther("orders", "theirs");

    onWorker(shared::writeAllAgain);

    assertThat(members.writes).isEmpty();
  }

  @Test
  void doesNotBringBackWhatAnotherBrokerTookAway() {
    publish("one");
    members.writes.remove().answer().complete(null);
    members.tellOwn("orders", "one");
    members.tellTaken("orders");

    onWorker(shared::writeAllAgain);

    assertThat(members.writes).isEmpty();
  }

  @Test
  void writesAgainAtTheNextMembersWhatWasUnderWayAtTheLast() {
    publish("one");
    Write lost = members.writes.remove();
    FakeMembers next = new FakeMembers();

    onWorker(shared::close);
    onWorker(() -> shared.open(next.instance()));
    fail(lost);

    assertThat(next.writes).extracting(Write::value).containsExactly("one");
  }

  @Test
  void followsAgainWhenNobodyAnsweredAtFirst() {
    FakeMembers next = new FakeMembers();
    next.present.put("orders", bytes("there"));
    next.answersReads = false;
    onWorker(() -> shared.open(next.instance()));
    assertThat(told).isEmpty();

    next.answersReads = true;
    onWorker(shared::tryAgain);
    onWorker(shared::tryAgain);

    assertThat(told).containsExactly("orders=there");
    assertThat(next.listeners()).isOne();
  }

  @Test
  void neverTellsAnOlderValueThatWasReadAfterANewerOne() {
    FakeMembers next = new FakeMembers();
    next.present.put("orders", bytes("old"));
    next.reading = key -> next.tellOther(key, "new");

    onWorker(() -> shared.open(next.instance()));

    assertThat(told).containsExactly("orders=new");
  }

  private void publish(String value) {
    assertThat(shared.publish("groups", "orders", bytes(value))).isTrue();
    settle();
  }

  private void fail(Write write) {
    write.answer().completeExceptionally(new CompletionException("its owner is gone", null));
    settle();
  }

  private void onWorker(Runnable step) {
    worker.execute(step);
    settle();
  }

  private void settle() {
    world.runFor(10);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}
