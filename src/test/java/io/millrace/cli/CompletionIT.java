package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Child;
import io.millrace.testkit.Folders;
import io.millrace.testkit.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion script, read and asked by a real bash. */
@Tag("it")
class CompletionIT {
  /** Completes the last of the words as bash does it when the tabulator key is pressed. */
  private static final String PRESS_TAB =
      """
      source "$1"; shift
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
      handler=$(complete -p "$1" | sed 's/.*-F \\([^ ]*\\).*/\\1/')
      "$handler" 2>/dev/null
      echo "${COMPREPLY[*]}"
      """;

  private static Path script;

  @BeforeAll
  static void write() throws IOException {
    script = Folders.empty("completion").resolve("completion.bash");
    Files.writeString(script, Typed.inPipe().millrace("completion", "bash").out());
  }

  @Test
  void isBash() {
    assertThat(Child.run(List.of("bash", "-n", script.toString()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "millrace gro, groups",
    "millrace groups des, describe",
    "millrace groups describe --wa, --watch",
    "millrace start --ov, --override",
    "kafka-consumer-groups --res, --reset-offsets",
    "kafka-consumer-groups.sh --to-e, --to-earliest",
    "kafka-dump-log.sh --print, --print-data-log"
  })
  void completesCommandsAndOptions(String typed, String completed) {
    List<String> command =
        new java.util.ArrayList<>(List.of("bash", "-c", PRESS_TAB, "bash", script.toString()));
    command.addAll(List.of(typed.split(" ")));

    assertThat(Child.run(command)).containsExactly(completed);
  }
}
