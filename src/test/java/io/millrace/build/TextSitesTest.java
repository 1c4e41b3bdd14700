package io.millrace.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;

/** Texts that are joined by plain code: the same texts. */
class TextSitesTest {
  private static final String SOURCE =
      """
      import java.util.List;
      import java.util.concurrent.Callable;

      public class Texts implements Callable<List<String>> {
        interface Named {
          String name();

          default String twice() {
            return name() + "-" + name();
          }
        }

        static class Nameless {
          @Override
          public String toString() {
            return null;
          }
        }

        @Override
        public List<String> call() {
          boolean a = true;
          byte b = -1;
          char c = 'c';
          short d = -2;
          int e = 3;
          long f = 4;
          float g = 1.5f;
          double h = -0.0;
          String none = null;
          Object nameless = new Nameless();
          char[] letters = null;
          Named named = () -> "n";
          String sum = "+=";
          sum += e;
          return List.of(
              "" + a + b + c + d + e + f + g + h,
              "<" + none + "|" + nameless + "|" + letters + ">",
              f + "\\1\\2" + f,
              named.twice(),
              sum);
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void areTheSameTexts() throws Exception {
    compile();
    Object before = called();

    assertThat(replaced()).isEqualTo(2);

    assertThat(called()).isEqualTo(before);
    assertThat(before).asList().contains("<null|null|null>", "n-n", "+=3");
    assertThat(replaced()).isZero();
  }

  private void compile() throws Exception {
    Path source = Files.writeString(folder.resolve("Texts.java"), SOURCE);
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "--release", "17", source.toString());
    assertThat(code).isZero();
  }

  private Object called() throws Exception {
    URL[] places = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass("Texts");
      return ((Callable<?>) type.getDeclaredConstructor().newInstance()).call();
    }
  }

  /** How many classes were changed; none of them joins a text by a call site afterwards. */
  private int replaced() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".class")).toList();
    }
    int changed = 0;
    for (Path file : files) {
      ClassNode node = new ClassNode();
      new ClassReader(Files.readAllBytes(file)).accept(node, 0);
      if (TextSites.replace(node)) {
        changed++;
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        node.accept(writer);
        Files.write(file, writer.toByteArray());
      }
      assertThat(node.methods)
          .flatMap(method -> List.of(method.instructions.toArray()))
          .noneMatch(
              step ->
                  step instanceof InvokeDynamicInsnNode call
                      && call.bsm.getOwner().contains("StringConcat"));
    }
    return changed;
  }
}
