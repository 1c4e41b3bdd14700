package io.millrace.push;

import io.millrace.browser.Place;
import io.millrace.browser.RefusedException;
import io.millrace.model.BrowserClientId;
import io.millrace.push.member.MemberOptions;
import org.jspecify.annotations.Nullable;

/**
 * {@code sub} with {@code "mode":"group"}: the session becomes a member of a group. Thread-safe.
 */
final class GroupOp implements Op {
  static final String GROUP = "group";
  private static final int NAME_CHARS_MAX = 249;

  private final PushServices services;

  GroupOp(PushServices services) {
    this.services = services;
  }

  @Override
  public void run(Session session, Request request) {
    Reading reading =
        Reading.of(request, session.outlet().protocol().equals("bin"), new Place.Committed());
    String instance = request.optionalText("instance");
    Keep keep = Keep.of(request.optionalText("keep"), instance);
    join(session, request.text("group"), instance, keep, reading, request.id());
  }

  /** Begins to join. @throws RefusedException when it cannot even begin */
  void join(
      Session session,
      String group,
      @Nullable String instance,
      Keep keep,
      Reading reading,
      @Nullable String id) {
    check(group, instance, reading);
    // Whether the topics are there and may be read is told before anything is joined.
    Placing.partitions(services, session.caller(), reading.topics(), null);
    Subscription subscription =
        new Subscription(
            session,
            session.newNumber(),
            new Subscription.Options(
                GROUP, group, reading.format(), reading.onLag(), reading.lagMax(), false),
            session.info().isQuick()
                ? Credit.unlimited()
                : new Credit(reading.records(), reading.bytes()));
    BrowserClientId clientId =
        new BrowserClientId(instance == null ? "socket-" + session.info().id() : instance);
    GroupReading member =
        new GroupReading(
            services,
            subscription,
            new MemberOptions(group, instance, reading.topics(), MemberOptions.Times.DEFAULTS),
            keep,
            reading.from(),
            new GroupCalls(services.groups(), session.loop(), session.caller(), clientId),
            new GroupNotices(session, subscription.number, id));
    subscription.ownedBy(member);
    session.add(subscription);
    subscription.start();
    member.begin();
  }

  private static void check(String group, @Nullable String instance, Reading reading) {
    if (group.isEmpty() || group.length() > NAME_CHARS_MAX) {
      throw RefusedException.invalid(
          "A group's name has 1 to " + NAME_CHARS_MAX + " characters.", null);
    } else if (instance != null && (instance.isEmpty() || instance.length() > NAME_CHARS_MAX)) {
      throw RefusedException.invalid(
          "An instance has 1 to " + NAME_CHARS_MAX + " characters.",
          "Keep one in sessionStorage, so that a page has it again when it is loaded again.");
    } else if (reading.partitions() != null) {
      throw RefusedException.invalid(
          "Partitions are given out by the group.", "Leave partitions away, or use mode read.");
    } else if (reading.from() instanceof Place.Resume) {
      throw RefusedException.invalid(
          "A group begins at what it has committed, not at a position.",
          "Use commit, earliest, latest, a time or an offset.");
    } else if (reading.onLag() == OnLag.CONFLATE) {
      throw RefusedException.invalid(
          "A member of a group is sent every record.", "Use onLag wait, skip or close.");
    }
  }
}
