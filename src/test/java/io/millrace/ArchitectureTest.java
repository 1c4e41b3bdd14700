package io.millrace;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

/** Holds the package table of the design: who may import whom, and which packages are pure. */
class ArchitectureTest {
  private static final String ROOT = "io.millrace.";
  private static final Set<String> EVERYONE = Set.of("model", "config", "time", "metrics", "event");
  private static final Set<String> ANY = Set.of("*");

  /** Packages and what they may import besides {@link #EVERYONE} and themselves. */
  private static final Map<String, Set<String>> MAY_IMPORT = new TreeMap<>();

  /** No Vert.x, Ratis, Hazelcast, executor, lock or raw clock. */
  private static final Set<String> PURE = new TreeSet<>();

  /** Where the real clock and real randomness are made. */
  private static final Set<String> MAY_READ_THE_CLOCK =
      Set.of(
          "app",
          "eventloop",
          "cli",
          "cli.tool",
          "cli.records",
          "cli.reassign",
          "cli.kafka",
          "cli.command");

  static {
    pure("model");
    pure("time");
    pure("metrics");
    pure("config");
    pure("event");
    pure("protocol");
    pure("record");
    pure("metadata");
    pure("security", "metadata");
    pure("quota", "metadata");
    pure("browser.frame", "record");
    pure("storage.log", "record");
    pure("storage.log.clean", "storage.log", "record");
    pure("cluster.controller", "metadata");
    pure("cluster.founding", "metadata");
    pure("coordinator.shard");
    pure("coordinator.group", "coordinator.shard", "metadata");
    pure("coordinator.transaction", "coordinator.shard", "metadata");
    pure("coordinator.share", "coordinator.shard", "metadata");
    room("eventloop");
    room("storage", "storage.log", "storage.log.clean", "record", "eventloop");
    room("cluster.local", "cluster", "metadata", "storage.log", "eventloop");
    room("cluster.raft", "cluster", "cluster.local", "metadata", "storage.log", "eventloop");
    room("cluster.membership", "cluster", "cluster.peer", "eventloop");
    room("cluster.peer", "protocol", "security", "metadata", "eventloop");
    room("cluster", "cluster.controller", "cluster.peer", "metadata", "eventloop");
    room("partition", "storage", "storage.log", "record", "metadata", "eventloop");
    room("partition.replication", "partition", "cluster.peer", "record", "metadata", "eventloop");
    room("partition.remote", "partition", "cluster.peer", "record", "metadata", "eventloop");
    room(
        "coordinator.runtime",
        "coordinator.shard",
        "partition",
        "storage.log",
        "cluster.peer",
        "record",
        "metadata",
        "eventloop");
    room(
        "coordinator",
        "coordinator.shard",
        "coordinator.group",
        "coordinator.transaction",
        "coordinator.share",
        "coordinator.runtime",
        "metadata",
        "security",
        "quota",
        "eventloop");
    room(
        "coordinator.remote",
        "coordinator",
        "coordinator.group",
        "cluster",
        "cluster.peer",
        "metadata",
        "eventloop");
    room(
        "handler",
        "cluster",
        "cluster.peer",
        "coordinator",
        "partition",
        "metadata",
        "security",
        "quota",
        "protocol",
        "record",
        "eventloop");
    pure("push.member", "metadata");
    room("network", "handler", "protocol", "security", "quota", "eventloop");
    room(
        "browser",
        "browser.frame",
        "partition",
        "partition.remote",
        "record",
        "metadata",
        "security",
        "quota",
        "eventloop");
    room(
        "push",
        "push.member",
        "browser",
        "browser.frame",
        "partition",
        "partition.remote",
        "coordinator",
        "coordinator.group",
        "metadata",
        "security",
        "quota",
        "record",
        "eventloop");
    // Refusals stand below documents and routes, which both refuse.
    room("rest.problem");
    // Documents are made from the doors of the parts; a group's view is a record of its shard.
    room(
        "rest.view",
        "rest.problem",
        "browser",
        "cluster",
        "coordinator",
        "coordinator.group",
        "partition",
        "partition.remote",
        "metadata",
        "security",
        "quota",
        "record",
        "eventloop");
    // The library behind metrics is loaded with the first scrape, so it stands apart.
    room(
        "rest.metrics",
        "rest.view",
        "browser",
        "cluster",
        "coordinator",
        "coordinator.group",
        "partition",
        "metadata",
        "eventloop");
    // What is told of views from second to second.
    room("rest.live", "rest.problem", "rest.view", "browser", "metadata", "security", "eventloop");
    room(
        "rest",
        "browser",
        "browser.frame",
        "rest.problem",
        "rest.view",
        "rest.live",
        "rest.metrics",
        "quota",
        "cluster",
        "coordinator",
        "coordinator.group",
        "partition",
        "partition.remote",
        "metadata",
        "security",
        "record",
        "eventloop");
    room("cli", "app", "quota", "cli.tool", "cli.kafka", "cli.command");
    room("cli.tool");
    room("cli.records", "cli.tool");
    room("cli.group", "cli.tool");
    room("cli.segment", "cli.tool", "coordinator.group", "coordinator.shard");
    // Plans of where replicas go are those of the console.
    room("cli.reassign", "cli.tool", "cluster", "metadata");
    room(
        "cli.kafka",
        "cli.tool",
        "cli.records",
        "cli.group",
        "cli.segment",
        "cli.reassign",
        "record");
    room(
        "cli.command",
        "cli.tool",
        "cli.kafka",
        "cli.records",
        "cli.group",
        "cli.segment",
        "cli.reassign",
        "cluster",
        "record");
    MAY_IMPORT.put("app", ANY);
  }

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.millrace");

  private static void room(String name, String... imports) {
    MAY_IMPORT.put(name, Set.of(imports));
  }

  private static void pure(String name, String... imports) {
    room(name, imports);
    PURE.add(name);
  }

  @Test
  void everyPackageStandsInTheTable() {
    Set<String> packages =
        CLASSES.stream().map(type -> shortName(type.getPackageName())).collect(Collectors.toSet());

    assertThat(MAY_IMPORT.keySet()).containsAll(packages);
  }

  @Test
  void packagesImportOnlyWhatTheTableAllows() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      Set<String> allowed = MAY_IMPORT.getOrDefault(shortName(type.getPackageName()), Set.of());
      if (!allowed.contains("*")) {
        type.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass().getPackageName())
            .filter(target -> (target + ".").startsWith(ROOT))
            .filter(target -> !target.equals(type.getPackageName()))
            .map(ArchitectureTest::shortName)
            .filter(target -> !EVERYONE.contains(target) && !allowed.contains(target))
            .forEach(target -> wrong.add(type.getName() + " imports " + target));
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("io.millrace.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void purePackagesKnowNoLoopsThreadsAndLocks() {
    noClasses()
        .that(resideInAnyPackage(PURE.stream().map(name -> ROOT + name).toArray(String[]::new)))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "io.vertx..",
                    "org.apache.ratis..",
                    "com.hazelcast..",
                    "java.util.concurrent.locks..")
                .or(namedLike("java.util.concurrent.", "Executor", "Future", "Latch", "Queue"))
                .or(resideInAPackage("java.lang").and(namedLike("java.lang.", "Thread"))))
        .check(CLASSES);
  }

  @Test
  void onlyTheCompositionRootReadsTheClockAndRollsDice() {
    Set<String> banned = clockReadingFactories();
    noClasses()
        .that(
            describe(
                "are outside " + MAY_READ_THE_CLOCK,
                type -> !MAY_READ_THE_CLOCK.contains(shortName(type.getPackageName()))))
        .should()
        .accessTargetWhere(
            describe("reads the clock or rolls dice", access -> isChance(access, banned)))
        .check(CLASSES);
  }

  private static boolean isChance(JavaAccess<?> access, Set<String> banned) {
    String owner = access.getTarget().getOwner().getName();
    String name = access.getTarget().getName();
    return switch (owner) {
      case "java.lang.System" -> name.equals("currentTimeMillis") || name.equals("nanoTime");
      case "java.lang.Math" -> name.equals("random");
      case "java.lang.Thread" -> name.equals("sleep");
      case "java.util.concurrent.ThreadLocalRandom", "java.security.SecureRandom" -> true;
      case "java.util.Random", "java.util.SplittableRandom" ->
          name.equals("<init>") && access.getTarget().getFullName().endsWith("()");
      case "java.util.UUID", "org.apache.kafka.common.Uuid" -> name.startsWith("random");
      default ->
          (owner.startsWith("java.time.") && (name.equals("now") || name.startsWith("system")))
              || banned.contains(access.getTarget().getFullName());
    };
  }

  /** The methods of {@code MemoryRecords} that read the clock themselves, found in its bytecode. */
  private static Set<String> clockReadingFactories() {
    JavaClass records =
        new ClassFileImporter().importClasses(MemoryRecords.class).get(MemoryRecords.class);
    Set<String> found = new HashSet<>();
    boolean grown = true;
    while (grown) {
      grown =
          found.addAll(
              records.getMethods().stream()
                  .filter(method -> callsAnyOf(method, found))
                  .map(JavaMethod::getFullName)
                  .toList());
    }
    assertThat(found).isNotEmpty();
    return found;
  }

  private static boolean callsAnyOf(JavaMethod method, Set<String> names) {
    return method.getMethodCallsFromSelf().stream()
        .map(call -> call.getTarget().getFullName())
        .anyMatch(
            name -> name.equals("java.lang.System.currentTimeMillis()") || names.contains(name));
  }

  private static DescribedPredicate<JavaClass> namedLike(String prefix, String... parts) {
    return describe(
        prefix + List.of(parts),
        type ->
            type.getName().startsWith(prefix)
                && Stream.of(parts).anyMatch(type.getSimpleName()::contains));
  }

  private static String shortName(String packageName) {
    return packageName.startsWith(ROOT) ? packageName.substring(ROOT.length()) : packageName;
  }
}
