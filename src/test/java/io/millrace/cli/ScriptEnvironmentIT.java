package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.BrokerProcess;
import io.millrace.testkit.Folders;
import io.millrace.testkit.ScriptHome;
import io.millrace.testkit.ScriptHome.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variables of Kafka's scripts mean here what they mean there. */
@Tag("it")
class ScriptEnvironmentIT {
  private static ScriptHome home;

  private Path work;
  private Path logs;

  @BeforeAll
  static void unpack() {
    home = ScriptHome.create();
  }

  @BeforeEach
  void choosePlaces() {
    work = Folders.empty("script-environment-run");
    logs = work.resolve("logs");
  }

  @AfterEach
  void stopWhatRuns() {
    home.run(Map.of(), "bin/kafka-server-stop.sh");
  }

  @ParameterizedTest
  @CsvSource({
    "-Xmx400m -Xms400m, 419430400",
    "-Xms400m -Xms400m, 419430400",
    "-Xms700m, 734003200",
    "-Xms64m, 268435456",
    "-Xmx128m -Xms64m, 134217728",
    "-XX:MinHeapFreeRatio=20, 536870912"
  })
  void takesTheHeapThatWasWritten(String options, long maxBytes) {
    start(Map.of("KAFKA_HEAP_OPTS", options));

    assertThat(jcmd("VM.flags")).contains("-XX:MaxHeapSize=" + maxBytes);
  }

  @Test
  void letsNoFirstHeapBreakTheDefaultLimit() {
    start(Map.of("KAFKA_OPTS", "-Xms700m"));

    assertThat(jcmd("VM.flags")).contains("-XX:MaxHeapSize=734003200");
  }

  @ParameterizedTest
  @CsvSource({"-Dx=1, 67108864", "-XX:MetaspaceSize=32m, 33554432"})
  void collectsNothingOnlyBecauseAClusterNeedsMoreClasses(String options, long bytes) {
    start(Map.of("KAFKA_OPTS", options));

    assertThat(jcmd("VM.flags")).contains("-XX:MetaspaceSize=" + bytes);
  }

  @Test
  void takesAnotherCollectorAndNamesFlagsOfOldJava() {
    Ended ended =
        start(
            Map.of(
                "KAFKA_JVM_PERFORMANCE_OPTS",
                "-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:+PrintGCDateStamps"));

    assertThat(ended.err())
        .anyMatch(line -> line.contains("KAFKA_JVM_PERFORMANCE_OPTS: -XX:+PrintGCDateStamps"));
    assertThat(jcmd("VM.flags")).contains("-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20");
  }

  @Test
  void givesPropertiesAndClassPathToTheJvm() {
    start(
        Map.of(
            "KAFKA_OPTS", "-Dx=1 -Dy=*",
            "KAFKA_LOG4J_OPTS", "-Dz=3",
            "CLASSPATH", work.toString()));

    assertThat(jcmd("VM.system_properties"))
        .contains("\nx=1\n", "\ny=*\n", "\nz=3\n")
        .containsPattern("java.class.path=.*millrace.jar\\\\?:" + work);
  }

  @Test
  void namesLog4jAsIgnored() {
    Ended ended = start(Map.of("KAFKA_LOG4J_OPTS", "-Dlog4j.configuration=file:/etc/log4j.conf"));

    assertThat(ended.err())
        .filteredOn(line -> line.startsWith("KAFKA_LOG4J_OPTS"))
        .singleElement()
        .asString()
        .contains("-Dlog4j.configuration=file:/etc/log4j.conf is ignored");
  }

  @Test
  void writesTheCollectorsLogWhereKafkaDoes() {
    start(Map.of("EXTRA_ARGS", "-name other -loggc"));

    assertThat(logs.resolve("other-gc.log")).exists();
    assertThat(logs.resolve("other.out")).exists();
  }

  @Test
  void takesTheOptionsForTheCollectorsLog() {
    start(Map.of("KAFKA_GC_LOG_OPTS", "-Xlog:gc:file=" + work.resolve("own-gc.log")));

    assertThat(work.resolve("own-gc.log")).exists();
  }

  @Test
  void opensThePortOfJmx() throws IOException {
    int port = BrokerProcess.freePort();

    start(Map.of("JMX_PORT", Integer.toString(port)));

    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertThat(socket.isConnected()).isTrue();
    }
    assertThat(jcmd("VM.system_properties"))
        .contains("com.sun.management.jmxremote.rmi.port=" + port)
        .contains("com.sun.management.jmxremote.authenticate=false");
  }

  @Test
  void listensForADebugger() {
    Ended ended = start(Map.of("KAFKA_DEBUG", "y", "JAVA_DEBUG_PORT", "127.0.0.1:0"));

    assertThat(ended.out().get(0))
        .isEqualTo(
            "Enabling Java debug options: -agentlib:jdwp=transport=dt_socket,server=y,"
                + "suspend=n,address=127.0.0.1:0");
  }

  @ParameterizedTest
  @CsvSource({"1.6.0_45, 6", "1.8.0_392, 8", "11.0.2, 11"})
  void namesThePackageWhenJavaIsTooOld(String release, String major) throws IOException {
    Path old = work.resolve("old");
    Path java = Files.createDirectories(old.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"" + release + "\"\n");

    Ended ended = run(Map.of("JAVA_HOME", old.toString()), "config/server.properties");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .singleElement()
        .asString()
        .startsWith("Millrace needs Java 17 or newer, but " + java + " is Java " + release)
        .contains("17");
    assertThat(release).contains(major);
  }

  @Test
  void namesAJavaHomeWithoutJava() {
    Ended ended = run(Map.of("JAVA_HOME", work.toString()), "config/server.properties");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .singleElement()
        .asString()
        .startsWith("JAVA_HOME is " + work + ", but there is no bin/java in it");
  }

  private Ended start(Map<String, String> variables) {
    Ended ended =
        run(
            variables,
            "-daemon",
            "config/server.properties",
            "--override",
            "listeners=PLAINTEXT://127.0.0.1:0",
            "--override",
            "log.dirs=" + work.resolve("data"));
    assertThat(ended.code()).as(ended.said()).isZero();
    return ended;
  }

  private Ended run(Map<String, String> variables, String... arguments) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("LOG_DIR", logs.toString());
    List<String> line = new java.util.ArrayList<>(List.of("bin/kafka-server-start.sh"));
    line.addAll(List.of(arguments));
    return home.run(all, line.toArray(String[]::new));
  }

  private String jcmd(String what) {
    try {
      String pid = Files.readString(logs.resolve("millrace.pid")).strip();
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      return String.join("\n", home.run(Map.of(), jcmd, pid, what).out());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
