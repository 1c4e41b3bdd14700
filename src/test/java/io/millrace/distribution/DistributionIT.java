package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.Child;
import io.millrace.testkit.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archive that {@code mvn package} made, and what people do with it. */
@Tag("it")
class DistributionIT {
  private static final long BYTES_MAX = 72_000_000;

  /** Expressions of libraries, by the classes that Java makes for them. */
  private static final Pattern LINKED =
      Pattern.compile(" (io\\.vertx|io\\.netty|org\\.apache\\.kafka)\\.[\\w.$]+\\$\\$Lambda");

  /**
   * Texts of libraries that are packed, and methods of our records, that are put together when they
   * are run. Logback's are not packed.
   */
  private static final Pattern PUT_TOGETHER =
      Pattern.compile(
          "linkCallSite (io|org)\\.[\\w.$]+ java\\.lang\\.(invoke\\.StringConcat|runtime\\.ObjectMethods).*");

  /** Classes of ours and of the libraries that come out of a jar, and not from the archive. */
  private static final Pattern FROM_JAR = Pattern.compile(" (io|org)\\.[\\w.$]+ source: file:");

  private static final String CLEANER = " io.millrace.storage.Cleaner";

  /** Is loaded when the list of a jar's entries is read. */
  private static final String OPENS_A_JAR = " java.util.zip.ZipUtils ";

  /** Kafka has 900 in its tables of APIs. */
  private static final int MESSAGES_MAX = 150;

  private static Path archive;
  private static String name;
  private static List<String> entries;

  @BeforeAll
  static void findArchive() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      archive =
          files
              .filter(file -> file.getFileName().toString().matches("millrace-.*\\.tar\\.gz"))
              .max(Comparator.comparing(file -> file.toFile().lastModified()))
              .orElseThrow(() -> new AssertionError("no distribution in target: mvn package"));
    }
    name = archive.getFileName().toString().replace(".tar.gz", "");
    entries = Child.run(List.of("tar", "-tzf", archive.toString()));
  }

  @Test
  void hasOneFolderOfItsOwnNameAndIsSmall() throws IOException {
    assertThat(entries).isNotEmpty().allMatch(entry -> entry.startsWith(name + "/"));
    assertThat(Files.size(archive)).isLessThan(BYTES_MAX);
  }

  @Test
  void hasWhatPeopleNeedAndNoToolsOfItsMakers() {
    assertThat(entries)
        .contains(inside("bin/millrace"), inside("bin/kafka-topics.sh"), inside("bin/kafka-topics"))
        .contains(inside("bin/kafka-topics.bat"), inside("bin/windows/kafka-topics.bat"))
        .contains(inside("conf/server.properties"), inside("conf/systemd/millrace.service"))
        .contains(inside("libs/millrace.jar"), inside("libs/millrace-libraries.jar"))
        .contains(inside("LICENSE"), inside("NOTICE"))
        .doesNotHaveDuplicates()
        .filteredOn(entry -> entry.startsWith(inside("bin/")) && !entry.endsWith("/"))
        .allMatch(
            entry -> entry.matches(".*/(millrace|kafka|connect|zookeeper)[^/]*|.*/parts/[^/]*"));
  }

  @Test
  void belongsToRootWithModesThatTheBuilderDoesNotDecide() {
    assertThat(Child.run(List.of("tar", "--numeric-owner", "-tvzf", archive.toString())))
        .allMatch(line -> line.split("\\s+")[1].equals("0/0"))
        .allMatch(line -> line.matches("(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--|l).*"))
        .anyMatch(line -> line.matches("-rwxr-xr-x.*/bin/kafka-topics\\.sh"))
        .anyMatch(line -> line.matches("l.*/config/? -> conf"));
  }

  @Test
  void checksumsFitIt() {
    for (String algorithm : List.of("sha256", "sha512")) {
      String check =
          "cd target && " + algorithm + "sum -c " + archive.getFileName() + "." + algorithm;

      assertThat(Child.run(List.of("sh", "-c", check))).containsExactly(name + ".tar.gz: OK");
    }
  }

  @Test
  void doesTheCommandsOfATutorialInAFolderWithBlanks() throws IOException {
    Path folder = Files.createDirectories(Folders.empty("distribution").resolve("my (new) folder"));
    try (Unpacked millrace = Unpacked.into(folder, archive, List.of())) {
      assertThat(millrace.start()).anyMatch(line -> line.startsWith("Millrace is ready"));

      String to = " --bootstrap-server " + millrace.bootstrap();
      assertThat(millrace.run("bin/kafka-topics.sh --list" + to)).containsExactly("");
      millrace.run("echo hello | bin/kafka-console-producer.sh --topic a" + to);
      assertThat(millrace.run("bin/kafka-get-offsets" + to)).containsExactly("a:0:1");
      assertThat(millrace.run("bin/kafka-server-stop.sh"))
          .singleElement()
          .asString()
          .startsWith("Stopped the broker");
      assertThat(folder.resolve("data/a-0")).isDirectory();
      assertThat(folder.resolve("logs/server.log")).isRegularFile();
      assertThat(membersArchive(millrace)).doesNotExist();
      millrace.run("bin/millrace build");
      // From Java 25 on there is one cache for all.
      assertThat(Files.exists(membersArchive(millrace)))
          .isEqualTo(Runtime.version().feature() < 25);
    }
  }

  /** As on a machine where it takes too long, or has no network of its own. */
  @Test
  void whatCannotBePreparedForAQuickStartIsSaidAndNotTriedInEachStart() throws IOException {
    Path folder = Folders.empty("unprepared");
    Path limit = Files.createDirectories(folder.resolve("path")).resolve("timeout");
    Files.writeString(limit, "#!/bin/sh\nexit 124\n");
    Child.run(List.of("chmod", "+x", limit.toString()));
    String limited = "PATH=\"$FOLDER/path:$PATH\" ";
    try (Unpacked millrace = Unpacked.into(folder, archive, List.of())) {
      assertThat(millrace.run(limited + "bin/millrace --version 2>&1"))
          .anyMatch(line -> line.startsWith("The quick start could not be prepared"))
          .anyMatch(line -> line.startsWith("Millrace "));

      assertThat(millrace.run("bin/millrace --version 2>&1"))
          .singleElement()
          .asString()
          .startsWith("Millrace ");
      assertThat(millrace.run("bin/millrace build 2>&1"))
          .contains("Preparing the quick start (once per build)...")
          .noneMatch(line -> line.contains("could not be prepared"));
    }
  }

  private static Path membersArchive(Unpacked millrace) {
    return millrace.home().resolve("libs/millrace.jsa.members");
  }

  /**
   * What is linked or put together is not in src/main/assembly/library-classes.txt, and may belong
   * there; what comes out of a jar is not in the rehearsal.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " --override zookeeper.connect=localhost:2181 --override cluster.name=packed"
            + " --override zookeeper.connection.timeout.ms=18000 --override num.io.threads=8"
            + " --override num.recovery.threads.per.data.dir=1"
      })
  void findsWhatAStartNeedsPacked(String overrides) throws IOException {
    Path folder = Folders.empty("packed");
    try (Unpacked millrace = Unpacked.into(folder, archive, List.of())) {
      Path loaded = folder.resolve("classes.txt");
      millrace.run(
          "MILLRACE_OPTS='-Xlog:class+load:file="
              + loaded
              + " -Djava.lang.invoke.MethodHandle.TRACE_METHOD_LINKAGE=true' "
              + millrace.starting()
              + overrides);
      millrace.run(
          "echo hello | bin/kafka-console-producer.sh --topic a --bootstrap-server "
              + millrace.bootstrap());

      List<String> classes = Files.readAllLines(loaded);
      assertThat(classes)
          .anyMatch(line -> line.contains("org.apache.kafka.common.protocol.Errors$Lambda"))
          .noneMatch(line -> LINKED.matcher(line).find())
          .noneMatch(line -> FROM_JAR.matcher(line).find())
          .noneMatch(line -> line.contains(OPENS_A_JAR))
          .filteredOn(line -> line.contains(" org.apache.kafka.common.message."))
          .hasSizeLessThan(MESSAGES_MAX);
      assertThat(Files.readAllLines(folder.resolve("logs/kafkaServer.out")))
          // From Java 25 on the archive has what is linked.
          .matches(
              lines ->
                  Runtime.version().feature() >= 25
                      || lines.stream().anyMatch(line -> line.startsWith("linkCallSite ")))
          .noneMatch(line -> PUT_TOGETHER.matcher(line).find());
    }
  }

  /** The last to do something at rest is the cleaner; what it lacks is in Rehearsal.AT_REST. */
  @Test
  void findsWhatRestNeedsPacked() throws IOException {
    Path folder = Folders.empty("rest");
    try (Unpacked millrace = Unpacked.into(folder, archive, List.of())) {
      Path loaded = folder.resolve("classes.txt");
      millrace.run("MILLRACE_OPTS='-Xlog:class+load:file=" + loaded + "' " + millrace.starting());
      millrace.run(
          "echo hello | bin/kafka-console-producer.sh --topic a --bootstrap-server "
              + millrace.bootstrap());

      long before = classesOf(CLEANER, loaded);
      await().atMost(Duration.ofMinutes(1)).until(() -> classesOf(CLEANER, loaded) > before);

      assertThat(Files.readAllLines(loaded))
          .noneMatch(line -> FROM_JAR.matcher(line).find())
          .noneMatch(line -> line.contains(OPENS_A_JAR));
    }
  }

  private static long classesOf(String type, Path loaded) throws IOException {
    try (Stream<String> lines = Files.lines(loaded)) {
      return lines.filter(line -> line.contains(type)).count();
    }
  }

  @Test
  void runsFromAFolderThatItCannotWrite(@TempDir Path folder) throws IOException {
    Child.run(List.of("chmod", "777", folder.toString()));
    try (Unpacked millrace = Unpacked.into(folder, archive, Unpacked.withoutPower())) {
      Child.run(List.of("chmod", "-R", "a-w", millrace.home().toString()));
      List<Path> before = millrace.files();

      assertThat(millrace.start()).anyMatch(line -> line.startsWith("Millrace is ready"));
      assertThat(
              millrace.run("bin/kafka-topics.sh --list --bootstrap-server " + millrace.bootstrap()))
          .containsExactly("");
      millrace.run("bin/kafka-server-stop.sh");

      assertThat(millrace.files()).isEqualTo(before);
    }
  }

  private static String inside(String path) {
    return name + "/" + path;
  }
}
