package io.millrace.sim.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sim.cluster.Mutant.Mutation;
import io.millrace.sim.cluster.Mutant.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Breaks rules of the cluster one at a time and sees whether the checkers find it: {@code
 * bin/simulate --mutations} runs it and prints the table. {@code -Dsim.mutation=TEXT} takes those
 * whose rule or file has something that the pattern matches.
 */
class MutationHunt {
  private static final int SCHEDULES = Integer.getInteger("sim.schedules", 2_000);
  private static final int STEPS = Integer.getInteger("sim.steps", ClusterSchedule.STEPS);

  @Test
  void checkersFindEveryBrokenRule() throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    Pattern only = Pattern.compile(System.getProperty("sim.mutation", ""));
    for (Mutation mutation : Mutations.ALL) {
      if (only.matcher(mutation.rule()).find() || only.matcher(mutation.file()).find()) {
        try (Mutant mutant = Mutant.of(mutation)) {
          outcomes.add(
              mutant.hunt(
                  Integer.getInteger("sim.brokers", 3),
                  STEPS,
                  SCHEDULES,
                  Long.getLong("sim.first", 1)));
          print(outcomes.get(outcomes.size() - 1));
        }
      }
    }
    assertThat(outcomes).allMatch(outcome -> outcome.checker() != null, "was found");
  }

  private static void print(Outcome outcome) {
    System.out.printf(
        "| %s | %s | %d | `%s` | %s%n",
        outcome.mutation().rule(),
        outcome.checker() == null ? "nobody" : "`" + outcome.checker() + "`",
        outcome.schedules(),
        outcome.seed(),
        outcome.said());
  }
}
