package io.millrace.testkit.cluster;

import io.millrace.testkit.Child;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a browser does: reads a topic through {@code millrace.js} in a Node process, or is a member
 * of the group. Alone it must be given every record exactly once, whichever node its socket is on.
 *
 * <p>Thread-safe.
 */
final class Page implements Delivered {
  private static final int WORDS_MAX = 200;

  private final String name;
  private final Process process;
  private final Reader.@Nullable Seen group;
  private final Map<Integer, Map<Long, Stamp>> records = new ConcurrentHashMap<>();
  private final Map<Integer, Long> next = new ConcurrentHashMap<>();
  private final List<String> wrongs = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedDeque<String> words = new ConcurrentLinkedDeque<>();
  private final Gap gap;
  private volatile boolean ending;

  private Page(String name, List<String> command, Reader.@Nullable Seen group, int partitions) {
    this.name = name;
    this.group = group;
    this.gap = new Gap("page, partition", partitions);
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Thread reader = new Thread(this::read, name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Whether pages can be opened here. */
  static boolean isPossible() {
    return !ClusterProcess.isKafka() && Child.exists("node");
  }

  /** Opens a page that reads all of a topic, at that node first. */
  static Page reading(ClusterNode node, String topic, int partitions) {
    return new Page("page of " + topic, command(node, topic), null, partitions);
  }

  /** Opens a page that is a member of the group, at that node first. */
  static Page member(
      ClusterNode node, String topic, String group, int partitions, Reader.Seen seen) {
    List<String> command = new ArrayList<>(command(node, topic));
    command.add(group);
    return new Page("member page of " + topic, command, seen, partitions);
  }

  private static List<String> command(ClusterNode node, String topic) {
    return List.of(
        "node",
        // Node has browsers' WebSocket from version 22 on; before, it must be asked for it.
        "--experimental-websocket",
        Path.of("src/test/resources/io/millrace/testkit/cluster/page.mjs").toString(),
        Path.of("web-console/client/millrace.js").toAbsolutePath().toString(),
        "ws://" + node.webAddress() + "/ws/v1",
        topic);
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line);
      }
    } catch (IOException e) {
      words.add("its output ended: " + e.getMessage());
    }
    if (!ending) {
      wrongs.add(name + " ended: " + words.stream().collect(Collectors.joining(" | ")));
    }
  }

  private void take(String line) {
    String[] word = line.split(" ", 4);
    if (!word[0].equals("rec")) {
      words.add(line);
      if (words.size() > WORDS_MAX) {
        words.removeFirst();
      }
      if (word[0].equals("gap")) {
        wrongs.add(name + ": " + line);
      }
      return;
    }
    int partition = Integer.parseInt(word[1]);
    long offset = Long.parseLong(word[2]);
    Stamp stamp = Stamp.of(Base64.getDecoder().decode(word[3]));
    if (group != null) {
      group.add(partition, offset, stamp);
      return;
    }
    gap.event(partition);
    long expected = next.getOrDefault(partition, 0L);
    if (expected != offset) {
      wrongs.add(name + " got " + partition + "@" + offset + " where " + expected + " was next");
    }
    next.put(partition, offset + 1);
    records.computeIfAbsent(partition, p -> new ConcurrentHashMap<>()).put(offset, stamp);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<Long, Stamp> of(int partition) {
    return records.getOrDefault(partition, Map.of());
  }

  @Override
  public int count() {
    return records.values().stream().mapToInt(Map::size).sum();
  }

  @Override
  public List<String> wrongs() {
    return wrongs;
  }

  /** Whether it is a member of the group, whose deliveries count with the group's. */
  boolean isMember() {
    return group != null;
  }

  /** Times without a record of a partition. */
  Gap gap() {
    return gap;
  }

  /** What it said besides records. */
  List<String> words() {
    return List.copyOf(words);
  }

  /** Closes it. */
  void finish() {
    ending = true;
    process.destroyForcibly();
  }
}
