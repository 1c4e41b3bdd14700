package io.millrace.cluster.founding;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.founding.Card.Founder;
import io.millrace.cluster.founding.Card.Stage;
import io.millrace.cluster.founding.FoundingWorld.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoundingTest {
  private static final int SEEDS = 200;
  private static final List<Place> SLOTS =
      IntStream.range(0, 16).mapToObj(i -> new Place("localhost", 17_092 + 4 * i)).toList();

  private static FoundingWorld world(long seed) {
    System.out.println("seed " + seed);
    return new FoundingWorld(seed);
  }

  private static List<Node> three(FoundingWorld world, List<Place> places) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Seeker seeker = world.seeker(i, SLOTS.get(world.random.nextInt(5) + 5 * i).port(), places);
      nodes.add(world.start(seeker, world.random.nextInt(400)));
    }
    return nodes;
  }

  private static void areOneCluster(FoundingWorld world, List<Node> nodes) {
    assertThat(world.clusters).hasSize(1);
    assertThat(nodes).allSatisfy(node -> assertThat(node.cluster).isIn(world.clusters));
  }

  @Test
  void foundsWithoutAProbeWhereTheMachineSaysThatNobodyElseIsThere() {
    Seeker self = world(0).seeker(1, SLOTS.get(0).port(), SLOTS);
    Founding founding = new Founding(self, 0);

    assertThat(founding.seen(onlyItself(self, founding), 0)).containsExactly(new Effect.Found());
  }

  @Test
  void takesNoWordOfTheMachineForWhatIsProbedMeanwhile() {
    FoundingWorld world = world(0);
    Seeker self = world.seeker(1, SLOTS.get(0).port(), SLOTS);
    Seeker other = world.seeker(2, SLOTS.get(1).port(), SLOTS);
    Founding founding = new Founding(self, 0);
    Map<Place, Outcome> before = onlyItself(self, founding);

    assertThat(founding.heard(new Founding(other, 0).card(), 0))
        .contains(new Effect.Probe(other.self()));

    assertThat(founding.seen(before, 0)).isEmpty();
  }

  private static Map<Place, Outcome> onlyItself(Seeker self, Founding founding) {
    Map<Place, Outcome> seen = new HashMap<>();
    SLOTS.forEach(place -> seen.put(place, new Outcome.Nobody()));
    seen.put(self.self(), new Outcome.Answer(founding.card()));
    return seen;
  }

  @Test
  void canStartThreeAtOnceAndNeverFoundsTwice() {
    for (long seed = 0; seed < SEEDS; seed++) {
      FoundingWorld world = world(seed);
      List<Node> nodes = three(world, SLOTS);

      world.run(20_000);

      areOneCluster(world, nodes);
    }
  }

  @Test
  void canStartThreeWhoseListsNameOnlyOneOfThem() {
    for (long seed = 0; seed < SEEDS; seed++) {
      FoundingWorld world = world(seed);
      Place only = SLOTS.get(world.random.nextInt(3));
      List<Node> nodes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Seeker seeker = world.seeker(i, SLOTS.get(i).port(), List.of(only));
        nodes.add(world.start(seeker, world.random.nextInt(400)));
      }

      world.run(20_000);

      areOneCluster(world, nodes);
      assertThat(nodes)
          .filteredOn(node -> node.founds)
          .allSatisfy(node -> assertThat(node.seeker.self().port()).isEqualTo(only.port()));
    }
  }

  @Test
  void neverFoundsWhileAHostIsSilentUnlessItIsTold() {
    for (long seed = 0; seed < SEEDS / 5; seed++) {
      FoundingWorld world = world(seed);
      world.silence("dead");
      List<Place> places = new ArrayList<>(SLOTS);
      places.add(new Place("dead", 17_092));
      List<Node> nodes = new ArrayList<>(three(world, places).subList(0, 2));
      world.run(12_000);

      assertThat(world.clusters).isEmpty();
      assertThat(nodes)
          .allSatisfy(node -> assertThat(node.lines).anyMatch(line -> line.contains("--found")));

      Node last = nodes.remove(1);
      last.kill();
      Seeker old = last.seeker;
      Seeker told =
          new Seeker(old.brokerId(), world.id(), old.name(), null, old.self(), 0, places, 1, true);
      nodes.add(world.start(told, 100));
      world.run(20_000);

      areOneCluster(world, nodes);
    }
  }

  @Test
  void canLoseTheOneThatTheOthersWaitFor() {
    for (long seed = 0; seed < SEEDS; seed++) {
      FoundingWorld world = world(seed);
      List<Node> nodes = three(world, SLOTS);
      Node smallest = nodes.remove(0);
      world.in(world.random.nextInt(600), () -> killUnlessFounding(smallest));

      world.run(20_000);

      assertThat(world.clusters).hasSize(1);
      assertThat(nodes).allSatisfy(node -> assertThat(node.cluster).isIn(world.clusters));
    }
  }

  /** A process that founded and died has its cluster on disk, which is another story. */
  private static void killUnlessFounding(Node node) {
    if (node.up && !node.founds) {
      node.kill();
    }
  }

  @Test
  void canStartOneAfterTheOtherWithUsedAndUnusedIds() {
    for (long seed = 0; seed < SEEDS; seed++) {
      FoundingWorld world = world(seed);
      List<Node> nodes = new ArrayList<>();
      nodes.add(world.start(world.seeker(0, SLOTS.get(0).port(), SLOTS), 0));
      nodes.add(world.start(world.seeker(1, SLOTS.get(1).port(), SLOTS), 100));
      nodes.add(world.start(world.seeker(1, SLOTS.get(2).port(), SLOTS), 100));

      world.run(20_000);

      assertThat(world.clusters).hasSize(1);
      assertThat(nodes).filteredOn(node -> node.cluster.isEmpty()).hasSizeLessThanOrEqualTo(1);
      assertThat(nodes)
          .filteredOn(node -> !node.stopped.isEmpty())
          .allSatisfy(node -> assertThat(node.stopped).startsWith("broker.id=1 is used by"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void waitsForTheBrokersThatAreExpected(int expected) {
    FoundingWorld world = world(7);
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < expected; i++) {
      Seeker one = world.seeker(i, SLOTS.get(i).port(), SLOTS);
      Seeker patient =
          new Seeker(i, one.incarnation(), "test", null, one.self(), 0, SLOTS, expected, false);
      nodes.add(world.start(patient, i == expected - 1 ? 8_000 : 0));
    }
    world.run(7_500);
    assertThat(world.clusters).isEmpty();
    assertThat(nodes.get(0).lines.get(0)).contains("of " + expected + " are here");

    world.run(5_000);

    areOneCluster(world, nodes);
  }

  @Test
  void brokersOfAnotherNameAreNobody() {
    FoundingWorld world = world(3);
    Node one = world.start(world.seeker(0, SLOTS.get(0).port(), SLOTS), 0);
    Seeker same = world.seeker(0, SLOTS.get(1).port(), SLOTS);
    Node other =
        world.start(
            new Seeker(5, same.incarnation(), "other", null, same.self(), 0, SLOTS, 1, false), 10);

    world.run(5_000);

    assertThat(one.cluster).isEqualTo("cluster-of-0");
    assertThat(other.cluster).isEqualTo("cluster-of-5");
  }

  @Test
  void aFolderThatBelongsToAClusterNeverFoundsAnother() {
    FoundingWorld world = world(4);
    Seeker fresh = world.seeker(0, SLOTS.get(0).port(), SLOTS);
    Node bound =
        world.start(
            new Seeker(0, fresh.incarnation(), "test", "mine", fresh.self(), 0, SLOTS, 1, true), 0);
    world.run(6_000);
    assertThat(bound.cluster).isEmpty();
    assertThat(bound.lines.get(0)).contains("cluster mine");

    Node foreign = world.start(world.seeker(1, SLOTS.get(1).port(), SLOTS), 0);
    world.run(6_000);

    assertThat(foreign.cluster).isEqualTo("cluster-of-1");
    assertThat(bound.stopped)
        .contains("belongs to cluster mine")
        .contains("belongs to cluster cluster-of-1");
  }

  @Test
  void saysEveryFiveSecondsWhatItWaitsFor() {
    FoundingWorld world = world(5);
    Node alone =
        world.start(
            world.seeker(0, SLOTS.get(0).port(), List.of(new Place("localhost", 17_500))), 0);

    world.run(12_500);

    assertThat(alone.lines).hasSize(3);
    assertThat(alone.lines.get(0)).contains("none of the addresses in cluster.join is this");
  }

  @Test
  void whoHearsOfAnotherAsksItBeforeItFounds() {
    Place here = new Place("a", 1);
    Place there = new Place("a", 2);
    Founding founding =
        new Founding(
            new Seeker(2, new Uuid(1, 2), "n", null, here, 0, List.of(here, there), 1, false), 0);
    founding.tick(0);
    founding.ended(here, new Outcome.Answer(founding.card()), 1);

    // The other has bound its port after the probe was on its way, and asks by itself.
    Card other =
        new Card(
            1, new Uuid(3, 4), "n", "", Stage.LOOKING, Founder.UNKNOWN, false, there, 0, List.of());
    founding.heard(other, 2);
    List<Effect> after = founding.ended(there, new Outcome.Nobody(), 3);

    assertThat(after).containsExactly(new Effect.Probe(there));
    assertThat(founding.card().stage()).isEqualTo(Stage.LOOKING);
  }

  @Test
  void cardsSurviveTheirBytes() {
    Card card =
        new Card(
            7,
            new Uuid(1, 2),
            "name",
            "cluster",
            Stage.MEMBER,
            Founder.YES,
            true,
            new Place("h", 3),
            4,
            SLOTS);

    assertThat(CardCodec.decode(CardCodec.encode(card))).isEqualTo(card);
  }

  @Test
  void bytesThatAreNoCardAreRefused() {
    byte[] whole =
        CardCodec.encode(
            new Card(
                7,
                new Uuid(1, 2),
                "name",
                "",
                Stage.LOOKING,
                Founder.NO,
                false,
                new Place("h", 3),
                4,
                List.of()));
    int earlier = whole.length - Integer.BYTES; // a card of a release that knows no recovery
    for (int length = 0; length < earlier; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> CardCodec.decode(cut)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
