package io.millrace.distribution;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A distribution in a folder, where somebody types commands. Data and logs of its broker lie beside
 * it. Confined to: the test's thread.
 */
final class Unpacked implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;
  private static final String NOBODY = "65534";

  private final Path folder;
  private final Path home;
  private final List<String> user;
  private final int port;

  private Unpacked(Path folder, Path home, List<String> user, int port) {
    this.folder = folder;
    this.home = home;
    this.user = user;
    this.port = port;
  }

  /**
   * Unpacks an archive.
   *
   * @param user what goes before each command, to be somebody else
   */
  static Unpacked into(Path folder, Path archive, List<String> user) throws IOException {
    Child.run(List.of("tar", "-xzf", archive.toString(), "-C", folder.toString()));
    String name = archive.getFileName().toString().replace(".tar.gz", "");
    return new Unpacked(folder, folder.resolve(name), user, BrokerProcess.freePort());
  }

  /** Goes before a command of root, who could write everywhere; others are who they are. */
  static List<String> withoutPower() {
    boolean root = Child.run(List.of("id", "-u")).equals(List.of("0"));
    return root
        ? List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups")
        : List.of();
  }

  /** Starts a broker in the background as tutorials do, and returns what that printed. */
  List<String> start() {
    return run(starting());
  }

  /** The line of a shell that does it. */
  String starting() {
    return "bin/kafka-server-start.sh -daemon config/server.properties"
        + (" --override listeners=PLAINTEXT://" + bootstrap())
        + " --override log.dirs=\"$FOLDER/data\"";
  }

  /** Runs a line of a shell in the folder of the distribution; fails unless it ends well. */
  List<String> run(String line) {
    List<String> command = new ArrayList<>(user);
    command.addAll(List.of("env", "-i"));
    command.add("PATH=" + System.getenv("PATH"));
    command.add("JAVA_HOME=" + System.getProperty("java.home"));
    command.add("FOLDER=" + folder);
    command.add("LOG_DIR=" + folder.resolve("logs"));
    command.add("HOME_OF_MILLRACE=" + home);
    command.addAll(List.of("sh", "-c", "cd \"$HOME_OF_MILLRACE\" && " + line));
    try (Child child = Child.start(command)) {
      child.endInput();
      return child.awaitSuccess(PATIENCE_SECONDS);
    }
  }

  /** Where clients connect. */
  String bootstrap() {
    return "127.0.0.1:" + port;
  }

  /** The folder that was in the archive. */
  Path home() {
    return home;
  }

  /** All files in it. */
  List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      return files.sorted().toList();
    }
  }

  /** Stops a broker that still runs, and lets the folder be deleted. */
  @Override
  public void close() {
    run("bin/kafka-server-stop.sh >/dev/null || true");
    Child.run(List.of("chmod", "-R", "u+w", home.toString()));
  }
}
