package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts for Windows, as far as their text tells without a Windows. */
class WindowsScriptsTest {
  private static final Path BIN = Path.of("bin");
  private static final Path WINDOWS = BIN.resolve("windows");
  private static final String LOGIC = "millrace";

  @Test
  void thereIsOneForEachScriptOfOtherSystems() throws IOException {
    assertThat(names(WINDOWS, ".bat"))
        .containsAll(names(BIN, ".sh"))
        .contains(LOGIC, "kafka-server-start", "kafka-topics", "zookeeper-server-start");
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void endsItsLinesAsWindowsWantsAndIsPlainAscii(Path script) throws IOException {
    String text = Files.readString(script, StandardCharsets.US_ASCII);

    assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n");
    assertThat(text).startsWith("@echo off\r\n").endsWith("\r\n");
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void saysNoMoreThanItsOwnNameUnlessItIsTheLogic(Path script) throws IOException {
    String name = name(script, ".bat");
    if (!name.equals(LOGIC)) {
      assertThat(Files.readAllLines(script))
          .containsExactly("@echo off", "\"%~dp0millrace.bat\" " + name + " %*");
    }
  }

  @Test
  void asksNoProgramThatNewWindowsLacks() throws IOException {
    assertThat(logic().toLowerCase(Locale.ROOT)).doesNotContain("wmic");
  }

  @Test
  void startsClassesThatExist() throws IOException {
    Set<String> classes = found("main=(io\\.millrace\\.[\\w.]+)");

    assertThat(classes)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(Class.forName(name)).isNotNull());
  }

  @Test
  void jumpsOnlyToLabelsThatAreThereAndHasNoOthers() throws IOException {
    assertThat(found("goto :(\\w+)")).isEqualTo(found("(?m)^:(\\w+)"));
  }

  @Test
  void standsInForKafkasClassesWithScriptsThatExist() throws IOException {
    assertThat(names(WINDOWS, ".bat")).containsAll(found("stands=([\\w-]+)"));
  }

  /**
   * A path of {@code C:\Program Files (x86)} ends a block of parentheses that it is expanded in.
   */
  @Test
  void expandsNoPathOutsideQuotes() throws IOException {
    assertThat(logic().lines().filter(line -> !line.startsWith("rem ")))
        .allSatisfy(line -> assertThat(unquoted(line)).doesNotContain("%home%", "%java%", "~dp0"));
  }

  private static String unquoted(String line) {
    return line.replaceAll("\"[^\"]*\"", "\"\"");
  }

  private static Set<String> found(String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(logic())
        .results()
        .map((MatchResult result) -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String logic() throws IOException {
    return Files.readString(WINDOWS.resolve(LOGIC + ".bat"));
  }

  private static Stream<Path> scripts() throws IOException {
    return list(WINDOWS).filter(path -> path.toString().endsWith(".bat"));
  }

  private static Set<String> names(Path folder, String ending) throws IOException {
    return list(folder)
        .filter(path -> path.toString().endsWith(ending))
        .map(path -> name(path, ending))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String name(Path script, String ending) {
    String name = script.getFileName().toString();
    return name.substring(0, name.length() - ending.length());
  }

  private static Stream<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().stream();
    }
  }
}
