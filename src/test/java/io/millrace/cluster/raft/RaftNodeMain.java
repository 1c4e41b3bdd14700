package io.millrace.cluster.raft;

import io.millrace.cluster.MetadataQuorum.Invitation;
import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.cluster.QuorumView;
import io.millrace.storage.DiskFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * A {@link RaftNode} as a process. It reads commands, one a line, each with a number, and answers
 * with that number; asks to be let in go to whoever started it. Stateless.
 */
final class RaftNodeMain {
  private static final Map<String, Promise<Invitation>> ASKING = new ConcurrentHashMap<>();

  private RaftNodeMain() {}

  /** Arguments: broker id, port, folder, whether it joins. */
  public static void main(String[] args) throws Exception {
    RaftOptions options =
        new RaftOptions(
            Integer.parseInt(args[0]),
            "127.0.0.1",
            Integer.parseInt(args[1]),
            500,
            1000,
            64,
            3_000);
    int crashAt = Integer.getInteger("crash.at", Integer.MAX_VALUE);
    RaftNode node =
        new RaftNode(
            options,
            Path.of(args[2]),
            Boolean.parseBoolean(args[3]),
            Boolean.getBoolean("recover"),
            (self, wanted) -> askParent(self),
            new CrashingFiles(new DiskFiles(), crashAt, () -> Runtime.getRuntime().halt(9)));
    Thread commands = new Thread(() -> read(node), "commands");
    commands.start();
    try {
      node.open();
    } catch (Exception fault) {
      say("not open: " + fault.getMessage());
      Runtime.getRuntime().halt(4);
    }
    say("open");
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static Future<Invitation> askParent(Peer self) {
    Promise<Invitation> promise = Promise.promise();
    ASKING.put(self.peerId(), promise);
    say("ask " + text(self));
    return promise.future();
  }

  private static void read(RaftNode node) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        List<String> words = Arrays.asList(line.split(" "));
        handle(node, words);
      }
    } catch (Exception e) {
      e.printStackTrace();
    }
    Runtime.getRuntime().halt(3);
  }

  private static void handle(RaftNode node, List<String> words) {
    String number = words.get(0);
    switch (words.get(1)) {
      case "invited" -> answer(words);
      case "write" -> reply(number, node.write(words.get(2)).map(done -> "written"));
      case "admit" ->
          reply(number, node.ask(() -> node.log.admit(peer(words.get(2)))).map(RaftNodeMain::text));
      case "gone" ->
          node.ask(
              () -> {
                node.log.gone(Integer.parseInt(words.get(2)));
                return Future.succeededFuture();
              });
      case "state" -> reply(number, Future.succeededFuture(state(node)));
      case "keys" -> reply(number, Future.succeededFuture(String.join(",", node.keys()) + ","));
      case "close" -> {
        try {
          node.close();
        } catch (Exception e) {
          e.printStackTrace();
        }
        reply(number, Future.succeededFuture("closed"));
        Runtime.getRuntime().halt(0);
      }
      default -> reply(number, Future.failedFuture("unknown command"));
    }
  }

  private static void reply(String number, Future<String> answer) {
    answer.onComplete(
        done ->
            say(number + (done.succeeded() ? " ok " + done.result() : " failed " + done.cause())));
  }

  private static String state(RaftNode node) {
    QuorumView view = node.view();
    return (node.leads() ? "leads " : "follows ")
        + node.term()
        + " "
        + node.keys().size()
        + " "
        + ids(view.voters())
        + " "
        + ids(view.observers())
        + " "
        + (node.failure() == null ? "-" : node.failure().toString().replace(' ', '_'));
  }

  private static String ids(List<QuorumView.Member> members) {
    return members.stream()
            .map(member -> Integer.toString(member.brokerId()))
            .sorted()
            .collect(Collectors.joining(","))
        + ".";
  }

  private static void answer(List<String> words) {
    Promise<Invitation> promise = ASKING.remove(words.get(2));
    if (promise == null) {
      return;
    }
    if (words.size() == 3) {
      promise.tryFail("nobody leads");
    } else {
      promise.tryComplete(invitation(words.get(3)));
    }
  }

  static String text(Peer peer) {
    return peer.brokerId() + "@" + peer.peerId() + "@" + peer.host() + "@" + peer.port();
  }

  private static Peer peer(String text) {
    String[] parts = text.split("@");
    return new Peer(Integer.parseInt(parts[0]), parts[1], parts[2], Integer.parseInt(parts[3]));
  }

  private static String text(Invitation invitation) {
    return invitation.groupId()
        + ";"
        + invitation.recoveries()
        + ";"
        + invitation.voters().stream().map(RaftNodeMain::text).collect(Collectors.joining(";"));
  }

  private static Invitation invitation(String text) {
    String[] parts = text.split(";");
    List<Peer> voters = new ArrayList<>();
    for (int i = 2; i < parts.length; i++) {
      voters.add(peer(parts[i]));
    }
    return new Invitation("", Uuid.fromString(parts[0]), voters, Integer.parseInt(parts[1]));
  }
}
