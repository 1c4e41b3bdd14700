package io.millrace.cluster.founding;

import io.millrace.cluster.founding.Card.Founder;
import io.millrace.cluster.founding.Card.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The search of a broker that belongs to no cluster: it probes where others may be until it founds
 * a cluster, joins one, or gives up.
 *
 * <p>The peer port is open before the first probe, and a probe carries the card of who sends it. So
 * of two brokers that start together at least one hears of the other before it decides, and what
 * has been decided is told to all who ask from then on. A broker founds only when each broker that
 * it knows of has answered it directly, undecided and with a greater id.
 *
 * <p>Confined to: whoever runs it; calls are made one at a time.
 */
public final class Founding {
  /** Pause between a probe's end and the next probe of the same place, in ms. */
  public static final long PAUSE_MS = 200;

  /** Time between two lines that say what is waited for, in ms. */
  public static final long SAY_EVERY_MS = 5_000;

  /** First line, in ms after the start: a short wait is no news. */
  private static final long SAY_FIRST_MS = 2_000;

  /**
   * How long a port that takes connections and answers nothing may belong to a broker, in ms. On a
   * busy machine a broker that starts is mute for seconds.
   */
  static final long MUTE_MS_MAX = 10_000;

  private static final int KNOWN_MAX = 1000;

  /** A place, as far as it was probed. */
  private static final class Probed {
    private boolean pending;
    private boolean again;
    private long dueMs;
    private @Nullable Outcome last;
    private long muteSinceMs = -1;
  }

  private final Seeker self;
  private final Map<Place, Probed> probed = new LinkedHashMap<>();
  private final List<Effect> effects = new ArrayList<>();
  private Stage stage = Stage.LOOKING;
  private String clusterId;
  private boolean isOneOfThePlaces;
  private long sayAtMs;

  /** A search that begins at {@code nowMs}, of any clock that does not jump. */
  public Founding(Seeker self, long nowMs) {
    this.self = self;
    this.clusterId = self.clusterId() == null ? "" : self.clusterId();
    this.sayAtMs = nowMs + SAY_FIRST_MS;
    self.places().forEach(place -> probed.put(place, new Probed()));
  }

  /** What this broker says of itself now. */
  public Card card() {
    return new Card(
        self.brokerId(),
        self.incarnation(),
        self.name(),
        clusterId,
        stage,
        founder(),
        false,
        self.self(),
        self.startedMs(),
        known());
  }

  private Founder founder() {
    if (self.clusterId() != null) {
      return Founder.NO;
    }
    if (self.forced() || isOneOfThePlaces) {
      return Founder.YES;
    }
    return self.places().stream().allMatch(this::isSettled) ? Founder.NO : Founder.UNKNOWN;
  }

  private List<Place> known() {
    return peers().values().stream().map(Card::place).distinct().toList();
  }

  /** Time has passed: probes what is due. */
  public List<Effect> tick(long nowMs) {
    return after(nowMs);
  }

  /** A broker has probed this one. */
  public List<Effect> heard(Card other, long nowMs) {
    if (isPeer(other)) {
      add(other.place());
      Probed at = probed.get(other.place());
      if (at != null && !(at.last instanceof Outcome.Answer)) {
        // What was seen of it is older than its own word.
        at.last = null;
        at.dueMs = nowMs;
        at.again = at.pending;
      }
    }
    return after(nowMs);
  }

  /**
   * What this machine knows of its own ports, which stands for the first probe of a place: nobody
   * listens there, so that a card would reach nobody, or this broker itself does. Of what was
   * probed meanwhile nothing is taken.
   */
  public List<Effect> seen(Map<Place, Outcome> outcomes, long nowMs) {
    outcomes.forEach(
        (place, outcome) -> {
          Probed at = probed.get(place);
          if (at != null && at.last == null && !at.pending) {
            at.dueMs = nowMs + PAUSE_MS;
            note(place, at, outcome);
          }
        });
    return after(nowMs);
  }

  /** A probe has ended. */
  public List<Effect> ended(Place place, Outcome outcome, long nowMs) {
    Probed at = probed.computeIfAbsent(place, any -> new Probed());
    at.pending = false;
    boolean outdated = at.again && !(outcome instanceof Outcome.Answer);
    at.again = false;
    at.dueMs = outdated ? nowMs : nowMs + PAUSE_MS;
    if (!(outcome instanceof Outcome.Mute)) {
      at.muteSinceMs = -1;
    } else if (at.muteSinceMs < 0) {
      at.muteSinceMs = nowMs;
    }
    note(place, at, outdated ? null : judged(at, outcome, nowMs));
    return after(nowMs);
  }

  private void note(Place place, Probed at, @Nullable Outcome outcome) {
    at.last = outcome;
    if (outcome instanceof Outcome.Answer answer) {
      Card card = answer.card();
      isOneOfThePlaces |=
          card.incarnation().equals(self.incarnation()) && self.places().contains(place);
      if (isPeer(card)) {
        card.known().forEach(this::add);
      }
    }
  }

  private static Outcome judged(Probed at, Outcome outcome, long nowMs) {
    boolean nobody = outcome instanceof Outcome.Mute && nowMs - at.muteSinceMs >= MUTE_MS_MAX;
    return nobody ? new Outcome.Nobody() : outcome;
  }

  /** The cluster that was to be founded is there. */
  public void founded(String newClusterId) {
    stage = Stage.MEMBER;
    clusterId = newClusterId;
  }

  /** The cluster that was to be joined could not be joined; it is looked for again. */
  public List<Effect> lookAgain(long nowMs) {
    stage = Stage.LOOKING;
    probed.values().forEach(at -> at.last = null);
    return after(nowMs);
  }

  private boolean isPeer(Card card) {
    return card.name().equals(self.name()) && !card.incarnation().equals(self.incarnation());
  }

  private void add(Place place) {
    if (!place.equals(self.self()) && probed.size() < KNOWN_MAX) {
      probed.computeIfAbsent(place, any -> new Probed());
    }
  }

  private List<Effect> after(long nowMs) {
    effects.clear();
    if (stage == Stage.LOOKING) {
      decide(nowMs);
    }
    if (stage == Stage.LOOKING) {
      probe(nowMs);
    }
    return List.copyOf(effects);
  }

  private void probe(long nowMs) {
    probed.forEach(
        (place, at) -> {
          if (!at.pending && at.dueMs <= nowMs) {
            at.pending = true;
            effects.add(new Effect.Probe(place));
          }
        });
  }

  private void decide(long nowMs) {
    Optional<String> conflict = conflict();
    Optional<Effect.Join> member = member();
    if (conflict.isPresent()) {
      effects.add(new Effect.Stop(conflict.get()));
      stage = Stage.JOINING;
    } else if (member.isPresent()) {
      stage = Stage.JOINING;
      effects.add(member.get());
    } else {
      Optional<String> waits = waitsFor();
      if (waits.isEmpty()) {
        stage = Stage.FOUNDING;
        effects.add(new Effect.Found());
      } else if (nowMs >= sayAtMs) {
        sayAtMs = nowMs + SAY_EVERY_MS;
        effects.add(new Effect.Say(waits.get()));
      }
    }
  }

  /** The brokers of the same name that answered last time, by incarnation. */
  private Map<Uuid, Card> peers() {
    return answers().stream()
        .filter(this::isPeer)
        .collect(
            Collectors.toMap(
                Card::incarnation, card -> card, (one, other) -> other, LinkedHashMap::new));
  }

  private List<Card> answers() {
    return probed.values().stream()
        .filter(at -> at.last instanceof Outcome.Answer)
        .map(at -> ((Outcome.Answer) at.last).card())
        .toList();
  }

  private boolean isSettled(Place place) {
    Outcome last = probed.get(place).last;
    return last instanceof Outcome.Answer || last instanceof Outcome.Nobody;
  }

  /** Whether every place was heard of at least once. */
  private boolean isComplete() {
    return probed.values().stream().allMatch(at -> at.last != null);
  }

  private Optional<String> conflict() {
    for (Card other : peers().values()) {
      boolean yields =
          other.stage() != Stage.LOOKING || self.incarnation().compareTo(other.incarnation()) > 0;
      if (other.brokerId() == self.brokerId() && yields) {
        return Optional.of(FoundingTexts.idIsUsed(self.brokerId(), other));
      }
      boolean foreign = self.clusterId() != null && !self.clusterId().equals(other.clusterId());
      if (other.stage() == Stage.MEMBER && foreign) {
        return Optional.of(FoundingTexts.otherCluster(self, other));
      }
    }
    return Optional.empty();
  }

  private Optional<Effect.Join> member() {
    return probed.entrySet().stream()
        .filter(entry -> entry.getValue().last instanceof Outcome.Answer)
        .map(
            entry ->
                new Effect.Join(entry.getKey(), ((Outcome.Answer) entry.getValue().last).card()))
        .filter(join -> isPeer(join.member()) && join.member().stage() == Stage.MEMBER)
        .min(
            Comparator.<Effect.Join>comparingInt(join -> -join.member().recoveries())
                .thenComparingInt(join -> join.member().brokerId()));
  }

  /** What keeps this broker from founding; empty when nothing does. */
  private Optional<String> waitsFor() {
    if (!isComplete()) {
      return Optional.of(FoundingTexts.asking(unheard()));
    }
    Optional<Card> founding =
        peers().values().stream()
            .filter(one -> one.stage() == Stage.FOUNDING || one.stage() == Stage.STARTING)
            .findFirst();
    if (founding.isPresent()) {
      return founding.map(FoundingTexts::founds);
    }
    if (self.clusterId() != null) {
      return Optional.of(FoundingTexts.belongs(self));
    }
    return self.forced() ? mute() : waitsUnforced();
  }

  private Optional<String> waitsUnforced() {
    Optional<String> silent = silent().or(this::mute);
    if (silent.isPresent()) {
      return silent;
    }
    if (!isOneOfThePlaces) {
      return Optional.of(FoundingTexts.notNamed(self));
    }
    int brokers = 1 + peers().size();
    if (brokers < self.expectedBrokers()) {
      return Optional.of(FoundingTexts.expected(brokers, self.expectedBrokers()));
    }
    return peers().values().stream()
        .filter(one -> one.brokerId() <= self.brokerId() && one.founder() != Founder.NO)
        .min(Comparator.comparingInt(Card::brokerId))
        .map(FoundingTexts::smaller);
  }

  private Set<Place> unheard() {
    return probed.entrySet().stream()
        .filter(entry -> entry.getValue().last == null)
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private Optional<String> mute() {
    return probed.entrySet().stream()
        .filter(entry -> entry.getValue().last instanceof Outcome.Mute)
        .findFirst()
        .map(entry -> FoundingTexts.mute(entry.getKey()));
  }

  private Optional<String> silent() {
    return probed.entrySet().stream()
        .filter(entry -> entry.getValue().last instanceof Outcome.Silent)
        .findFirst()
        .map(
            entry ->
                FoundingTexts.silent(
                    entry.getKey(), ((Outcome.Silent) entry.getValue().last).why()));
  }
}
