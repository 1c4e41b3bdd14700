package io.millrace.testkit.cluster;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one fault under load. Immutable.
 *
 * @param fault what befell the cluster
 * @param gaps longest times without progress, from before the fault until behind it
 * @param wholeMs time from the end of the fault until all replicas were in sync, in ms
 * @param audit what is there in the end
 * @param failures records that producers gave up
 * @param repeats records that were delivered again
 * @param error why the trial itself could not go on, or null
 */
public record Outcome(
    Fault fault,
    Load.Gaps gaps,
    long wholeMs,
    Audit audit,
    List<String> failures,
    long repeats,
    @Nullable String error) {

  /** Whether nothing was lost, doubled or changed, and the cluster works again. */
  public boolean isGood() {
    return error == null && audit.isGood() && (!fault.strict() || failures.isEmpty());
  }

  /** Puts a load on a cluster, lets the fault befall it, and audits. */
  public static Outcome of(
      ClusterProcess cluster, @Nullable PrivateNetwork network, Fault fault, String topic) {
    Load load = null;
    try {
      load = Load.start(cluster, topic);
      cluster.awaitFullIsr(List.of(topic));
      load.awaitProgress();
      load.takeGaps();
      fault.script().accept(new Trial(cluster, network, load));
      Duration whole = cluster.awaitFullIsr(List.of(topic, "__consumer_offsets"));
      load.awaitProgress();
      Load.Gaps gaps = load.takeGaps();
      Audit audit = load.finish();
      return new Outcome(
          fault, gaps, whole.toMillis(), audit, load.failures(), load.repeats(), null);
    } catch (RuntimeException e) {
      return failed(fault, load, e);
    } finally {
      if (load != null) {
        load.close();
      }
    }
  }

  private static Outcome failed(Fault fault, @Nullable Load load, RuntimeException cause) {
    return new Outcome(
        fault,
        new Load.Gaps(-1, -1, -1, -1),
        -1,
        Audit.NONE,
        load == null ? List.of() : load.failures(),
        load == null ? 0 : load.repeats(),
        cause.toString());
  }
}
