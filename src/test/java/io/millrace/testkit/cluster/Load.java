package io.millrace.testkit.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producers and a consumer group at work on a topic of its own.
 *
 * <p>Confined to: the test's thread.
 */
public final class Load implements AutoCloseable {
  /** Partitions of the topic. */
  public static final int PARTITIONS = 6;

  private static final Logger LOG = LoggerFactory.getLogger(Load.class);
  private static final int WRITERS = 2;
  private static final int READERS = 2;
  private static final int PER_SECOND = 200;
  private static final Duration DRAIN = Duration.ofSeconds(120);

  private final ClusterProcess cluster;
  private final String topic;
  private final List<Writer> writers = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private final List<Page> pages = new ArrayList<>();
  private final Reader.Seen seen = new Reader.Seen(PARTITIONS);

  private Load(ClusterProcess cluster, String topic) {
    this.cluster = cluster;
    this.topic = topic;
  }

  /** Starts a load on a new topic of that name and waits until everybody works. */
  public static Load start(ClusterProcess cluster, String topic) {
    Load load = new Load(cluster, topic);
    cluster.createTopic(topic, PARTITIONS);
    for (int i = 0; i < READERS; i++) {
      load.readers.add(
          new Reader(topic + "-reader-" + i, cluster.bootstrap(), load.group(), topic, load.seen));
    }
    for (int i = 0; i < WRITERS; i++) {
      load.writers.add(new Writer(i, cluster.bootstrap(), topic, PARTITIONS, PER_SECOND));
    }
    if (Page.isPossible()) {
      load.pages.add(Page.reading(cluster.node(0), topic, PARTITIONS));
      load.pages.add(Page.member(cluster.node(1), topic, load.group(), PARTITIONS, load.seen));
    }
    load.awaitProgress();
    Awaitility.await("pages read " + topic)
        .atMost(DRAIN)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> load.alone().allMatch(page -> page.count() > 0));
    return load;
  }

  /** Name of the topic. */
  public String topic() {
    return topic;
  }

  /** Name of the group that reads it. */
  public String group() {
    return topic + "-group";
  }

  /** Waits until some hundred more records are acknowledged and delivered. */
  public void awaitProgress() {
    int acknowledged = acknowledged();
    int delivered = seen.count();
    Awaitility.await("the load on " + topic + " goes on")
        .atMost(DRAIN)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                acknowledged() > acknowledged + PER_SECOND
                    && seen.count() > delivered + PER_SECOND);
  }

  private Stream<Page> alone() {
    return pages.stream().filter(page -> !page.isMember());
  }

  /** Records acknowledged so far. */
  public int acknowledged() {
    return writers.stream().mapToInt(Writer::count).sum();
  }

  /**
   * Longest times without progress since the last call.
   *
   * @param producerMs longest that a producer waited for an acknowledgement of a partition
   * @param consumerMs longest without a delivery of a partition to the group
   * @param commitMs longest without a commit of the group
   * @param pageMs longest without a delivery of a partition to a page
   */
  public record Gaps(long producerMs, long consumerMs, long commitMs, long pageMs) {}

  /** The gaps since the last call. */
  public Gaps takeGaps() {
    return new Gaps(
        writers.stream().mapToLong(writer -> writer.gap().takeMs()).max().orElseThrow(),
        seen.deliveries().takeMs(),
        seen.commits().takeMs(),
        alone().mapToLong(page -> page.gap().takeMs()).max().orElse(-1));
  }

  /** Records that producers gave up, with the reasons. */
  public List<String> failures() {
    return writers.stream().flatMap(writer -> writer.failures().stream()).toList();
  }

  /** How many records were delivered again. */
  public long repeats() {
    return seen.repeats();
  }

  /** How many commits failed and were made later. */
  public long failedCommits() {
    return seen.failedCommits();
  }

  /** Ends the load, lets the group read to the end, and compares everything. */
  public Audit finish() {
    writers.forEach(Writer::finish);
    try {
      Awaitility.await("the group has read what was acknowledged")
          .atMost(DRAIN)
          .pollInterval(Duration.ofMillis(50))
          .until(
              () ->
                  seen.count() >= acknowledged()
                      && alone().allMatch(page -> page.count() >= acknowledged()));
    } catch (ConditionTimeoutException e) {
      LOG.warn("{}: the audit tells what is missing", e.getMessage());
    }
    readers.forEach(Reader::finish);
    pages.forEach(Page::finish);
    List<Delivered> delivered = new ArrayList<>(List.of(seen));
    alone().forEach(delivered::add);
    Audit audit = Audit.of(cluster.bootstrap(), topic, PARTITIONS, writers, delivered);
    if (!audit.isGood()) {
      pages.forEach(page -> LOG.warn("{} said {}", page.name(), page.words()));
    }
    return audit;
  }

  /** Ends whoever still works, without waiting, and deletes the topic. */
  @Override
  public void close() {
    writers.forEach(Writer::close);
    readers.forEach(Reader::close);
    pages.forEach(Page::finish);
    cluster.admin().deleteTopics(List.of(topic));
  }
}
