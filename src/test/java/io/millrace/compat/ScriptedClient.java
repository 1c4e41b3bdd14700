package io.millrace.compat;

import io.millrace.compat.client.Message;
import io.millrace.testkit.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Clients of other languages, each a script that plays the same scenarios. Thread-safe. */
enum ScriptedClient {
  KAFKAJS(Runtime.NODE, "kafkajs.mjs", true),
  PLATFORMATIC(Runtime.NODE, "platformatic.mjs", true),
  KAFKA_PYTHON(Runtime.PYTHON, "kafka_python.py", false) {
    @Override
    Message sends(Message message) {
      // It takes no record without key and value.
      return message.key() == null && message.value() == null
          ? Message.to(message.topic(), message.partition(), null, "").with(message.headers())
          : message;
    }
  };

  private enum Runtime {
    NODE("src/test/node", "node") {
      @Override
      boolean isInstalled() {
        return Child.exists("node") && Files.exists(folder.resolve("node_modules"));
      }
    },
    // The system's own, which has Debian's packages, whichever python3 goes before it.
    PYTHON("src/test/python", "/usr/bin/python3") {
      @Override
      boolean isInstalled() {
        Path packages = Path.of("/usr/lib/python3/dist-packages");
        return Stream.of("kafka", "lz4", "snappy")
            .allMatch(each -> Files.exists(packages.resolve(each)));
      }
    };

    final Path folder;
    final String program;

    Runtime(String folder, String program) {
      this.folder = Path.of(folder);
      this.program = program;
    }

    abstract boolean isInstalled();
  }

  private final Runtime runtime;
  private final String script;
  private final boolean idempotent;

  ScriptedClient(Runtime runtime, String script, boolean idempotent) {
    this.runtime = runtime;
    this.script = script;
    this.idempotent = idempotent;
  }

  /** Whether what it needs is on this machine. */
  boolean isInstalled() {
    return runtime.isInstalled();
  }

  /** Whether its producer can be idempotent. */
  boolean isIdempotent() {
    return idempotent;
  }

  /** What it stores of a message that it was asked to send. */
  Message sends(Message message) {
    return message;
  }

  /** Begins the names of its topics and groups. */
  String prefix() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Starts the script of a scenario. */
  Child start(List<String> arguments) {
    List<String> command =
        new ArrayList<>(List.of(runtime.program, runtime.folder.resolve(script).toString()));
    command.addAll(arguments);
    return Child.start(command);
  }
}
