package io.millrace.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.slf4j.LoggerFactory;

/** Classes in place of lambda expressions: nothing else changes. */
class LambdaClassesTest {
  private static final String PACKAGE = "io/millrace/build";

  @TempDir private Path folder;

  @BeforeEach
  void copyClasses() throws Exception {
    Files.createDirectories(folder.resolve(PACKAGE));
    for (Path file : classFiles(compiled().resolve(PACKAGE))) {
      if (file.getFileName().toString().startsWith("Expressions")) {
        Files.copy(file, folder.resolve(PACKAGE).resolve(file.getFileName()));
      }
    }
  }

  private static Path compiled() throws URISyntaxException {
    return Path.of(Expressions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static List<Path> classFiles(Path where) throws IOException {
    try (Stream<Path> files = Files.walk(where)) {
      return files.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
  }

  /** Calls the classes of the folder, not those of the test. */
  private Object called() throws Exception {
    URL[] places = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass("io.millrace.build.Expressions");
      return ((Callable<?>) type.getDeclaredConstructor().newInstance()).call();
    }
  }

  private long linkedWhenRun() throws IOException {
    long found = 0;
    for (Path file : classFiles(folder)) {
      ClassNode node = new ClassNode();
      new ClassReader(Files.readAllBytes(file)).accept(node, 0);
      found +=
          node.methods.stream()
              .flatMap(method -> Stream.of(method.instructions.toArray()))
              .filter(step -> step instanceof InvokeDynamicInsnNode)
              .count();
    }
    return found;
  }

  @Test
  void doesWhatTheExpressionsDid() throws Exception {
    LambdaClasses.main(new String[] {folder.toString()});

    assertThat(called()).isEqualTo(new Expressions().call());
  }

  @Test
  void leavesOnlyWhatWidensNumbersAndTextsOfRecords() throws Exception {
    assertThat(linkedWhenRun()).isGreaterThan(10);

    LambdaClasses.main(new String[] {folder.toString()});

    assertThat(linkedWhenRun()).isEqualTo(1 + 2);
  }

  @Test
  void doesNothingTheSecondTime() throws Exception {
    LambdaClasses.main(new String[] {folder.toString()});
    List<Path> first = classFiles(folder);

    LambdaClasses.main(new String[] {folder.toString()});

    assertThat(classFiles(folder)).isEqualTo(first);
    assertThat(called()).isEqualTo(new Expressions().call());
  }

  @Test
  void removesClassesOfExpressionsThatAreNoMore() throws Exception {
    LambdaClasses.main(new String[] {folder.toString()});
    List<Path> first = classFiles(folder);
    ClassNode leftover = new ClassNode();
    new ClassReader(Files.readAllBytes(file("Expressions$Lambda0"))).accept(leftover, 0);
    leftover.name = PACKAGE + "/Expressions$Lambda999";
    ClassWriter writer = new ClassWriter(0);
    leftover.accept(writer);
    Files.write(file("Expressions$Lambda999"), writer.toByteArray());

    LambdaClasses.main(new String[] {folder.toString()});

    assertThat(classFiles(folder)).isEqualTo(first);
  }

  /**
   * Of Java 8, so that its class has no nest: {@code Errors} holds an expression for each error.
   */
  @Test
  void writesChangedCopiesOfClassesOfLibraries() throws Exception {
    Path copies = folder.resolve("copies");

    LambdaClasses.main(new String[] {copies.toString(), list(Errors.class.getName())});

    URL[] places = {copies.toUri().toURL(), jarOf(Errors.class), jarOf(LoggerFactory.class)};
    try (URLClassLoader loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
      Class<?> changed = loader.loadClass(Errors.class.getName());
      assertThat(changed.getProtectionDomain().getCodeSource().getLocation()).isEqualTo(places[0]);
      for (Errors error : Errors.values()) {
        Object same = changed.getMethod("forCode", short.class).invoke(null, error.code());
        assertThat(changed.getMethod("exceptionName").invoke(same))
            .isEqualTo(error.exceptionName());
      }
    }
    assertThat(classFiles(copies)).hasSizeGreaterThan(Errors.values().length);
  }

  @Test
  void seesWhoMayCallClassesOfNewerJavas() throws Exception {
    byte[] ofAll = Files.readAllBytes(file("Expressions"));
    byte[] ofPackage = Files.readAllBytes(compiled().resolve(PACKAGE + "/LambdaSite.class"));
    for (byte[] one : List.of(ofAll, ofPackage)) {
      one[7] = 99;
    }

    assertThat(LambdaClasses.isPublic(ofAll)).isTrue();
    assertThat(LambdaClasses.isPublic(ofPackage)).isFalse();
  }

  @Test
  void refusesNamesOfLibrariesThatAreNotWorthIt() {
    assertThatThrownBy(() -> copy("org.apache.kafka.common.utils.Time"))
        .hasMessageContaining("no lambda expression and joins no text");
    assertThatThrownBy(() -> copy("org.apache.kafka.NoClass"))
        .hasMessageContaining("There is no class");
  }

  private void copy(String name) throws IOException {
    LambdaClasses.main(new String[] {folder.resolve("copies").toString(), list(name)});
  }

  private String list(String name) throws IOException {
    return Files.writeString(folder.resolve("names"), name + "\n").toString();
  }

  private static URL jarOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  private Path file(String name) {
    return folder.resolve(PACKAGE).resolve(name + ".class");
  }
}
