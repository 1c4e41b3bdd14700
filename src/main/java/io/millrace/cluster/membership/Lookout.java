package io.millrace.cluster.membership;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.millrace.cluster.BrokerPresence.Card;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who came and who went among the members, found by looking: what one look sees is compared with
 * what the look before saw. Hazelcast's events are only a reason to look at once, because they come
 * one after another on one thread, on which the listener of the clustered Vert.x asks the members
 * for values and waits, as a rule in the very moment in which one of them is gone.
 *
 * <p>A member that went and came back between two looks has another id, so its end is told.
 *
 * <p>Confined to: the thread that looks.
 */
final class Lookout {
  private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

  private final HazelcastInstance members;
  private final Consumer<Card> came;
  private final Consumer<Card> went;
  private Map<UUID, Card> before = Map.of();

  /** Sees nobody yet: the first look tells of all who are there. */
  Lookout(HazelcastInstance members, Consumer<Card> came, Consumer<Card> went) {
    this.members = members;
    this.came = came;
    this.went = went;
  }

  /**
   * Has every event of Hazelcast cause a look.
   *
   * @param looking where looks are taken
   */
  void hint(Executor looking) {
    members
        .getCluster()
        .addMembershipListener(
            new MembershipListener() {
              @Override
              public void memberAdded(MembershipEvent event) {
                looking.execute(Lookout.this::look);
              }

              @Override
              public void memberRemoved(MembershipEvent event) {
                looking.execute(Lookout.this::look);
              }
            });
    looking.execute(this::look);
  }

  /** Looks and tells. It waits for nobody: a member holds the list of the others itself. */
  void look() {
    try {
      Map<UUID, Card> now = others();
      Map<UUID, Card> last = before;
      before = now;
      last.forEach((id, card) -> tellUnless(now.containsKey(id), went, card));
      now.forEach((id, card) -> tellUnless(last.containsKey(id), came, card));
    } catch (HazelcastInstanceNotActiveException e) {
      LOG.debug("this member ended, so it sees nobody: {}", e.toString());
    } catch (RuntimeException e) {
      // The next look must come.
      LOG.warn("looking for other brokers met a fault", e);
    }
  }

  private static void tellUnless(boolean known, Consumer<Card> listener, Card card) {
    if (!known) {
      listener.accept(card);
    }
  }

  private Map<UUID, Card> others() {
    Map<UUID, Card> others = new HashMap<>();
    for (Member member : members.getCluster().getMembers()) {
      if (!member.localMember()) {
        MemberCard.read(member).ifPresent(card -> others.put(member.getUuid(), card));
      }
    }
    return others;
  }
}
