package io.millrace.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Whatever a disk loses that was not forced, a recovery gives a valid prefix with everything that a
 * flush was reported for. A failure names its seed. {@code -Dcrash.runs=100000} runs longer.
 */
class LogCrashTest {
  private static final int STEPS = 60;

  @Test
  void canLosePowerAtEveryCall() throws Exception {
    int crashes = 0;
    for (long seed = 0; seed < 25; seed++) {
      long calls = callsOf(seed);
      for (long call = 1; call <= calls; call++) {
        crashAt(seed, call);
        crashes++;
      }
    }
    System.out.println("power cuts, one at each call: " + crashes);
    assertThat(crashes).isGreaterThan(2000);
  }

  @Test
  void canCrashAgainAndAgain() throws Exception {
    long runs = Long.getLong("crash.runs", 1500);
    for (long seed = 1000; seed < 1000 + runs; seed++) {
      runWithCrashes(seed, 4, false);
    }
  }

  @Test
  void canBeKilledAtAnyCallWithoutLosingWhatWasWritten() throws Exception {
    for (long seed = 3000; seed < 3500; seed++) {
      runWithCrashes(seed, 4, true);
    }
  }

  @Test
  void canMeetFailedCalls() throws Exception {
    for (long seed = 5000; seed < 5500; seed++) {
      LogSchedule schedule = new LogSchedule(seed);
      schedule.disk.failOperation(1 + (seed * 7919) % 120);
      try {
        schedule.run(STEPS);
      } catch (SimDisk.Failure failed) {
        // The folder is offline from here on; the machine is started again.
        assertThat(failed).hasMessageContaining("simulated");
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
      recoverFrom(schedule, seed, seed % 2 == 0);
    }
  }

  @Test
  void losesWhatWasReportedWhenTheLogIsNotForced() {
    assertThatThrownBy(() -> runWithoutForces(path -> path.toString().endsWith(".log")))
        .isInstanceOfAny(AssertionError.class, CorruptLogException.class);
  }

  @Test
  void losesWhatWasReportedWhenTheFolderIsNotForced() {
    assertThatThrownBy(() -> runWithoutForces(path -> path.toString().endsWith("topic-0")))
        .isInstanceOfAny(AssertionError.class, CorruptLogException.class);
  }

  private static void runWithoutForces(Predicate<Path> forces) throws Exception {
    for (long seed = 1000; seed < 1200; seed++) {
      LogSchedule schedule = new LogSchedule(seed);
      schedule.disk.loseForcesOf(forces);
      schedule.run(STEPS);
      schedule.disk.cutPower();
      schedule.recover();
    }
  }

  private static long callsOf(long seed) throws Exception {
    LogSchedule schedule = new LogSchedule(seed);
    long before = schedule.disk.operations();
    schedule.run(STEPS);
    return schedule.disk.operations() - before;
  }

  private static void crashAt(long seed, long call) throws Exception {
    LogSchedule schedule = new LogSchedule(seed);
    schedule.disk.cutPowerAtOperation(call);
    runUntilCrash(schedule, seed);
    recoverFrom(schedule, seed, false);
    schedule.run(10);
    recoverFrom(schedule, seed, false);
  }

  private static void runWithCrashes(long seed, int crashes, boolean kill) throws Exception {
    LogSchedule schedule = new LogSchedule(seed);
    for (int i = 0; i < crashes; i++) {
      schedule.disk.cutPowerAtOperation(1 + (seed * 31 + i * 17) % 150);
      runUntilCrash(schedule, seed);
      recoverFrom(schedule, seed, kill);
    }
  }

  private static void runUntilCrash(LogSchedule schedule, long seed) {
    try {
      schedule.run(STEPS);
    } catch (SimDisk.PowerCut expected) {
      assertThat(expected).hasMessageContaining("power");
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private static void recoverFrom(LogSchedule schedule, long seed, boolean kill) {
    if (kill) {
      schedule.disk.killProcess();
    } else {
      schedule.disk.cutPower();
    }
    try {
      schedule.recover();
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed, e);
    }
  }
}
