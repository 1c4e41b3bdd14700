package io.millrace.build;

import static org.objectweb.asm.Opcodes.*;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Gives each lambda expression and method reference a class of its own, as an anonymous class has,
 * in a folder of compiled classes. Java makes such classes when it comes to an expression first,
 * which takes several times as long as loading one from the archive; a start has hundreds. What
 * needs wider numbers, or more than one interface, stays as it is. Records get {@link
 * RecordMethods}.
 *
 * <p>Given a file of names as well, it writes changed copies of these classes of libraries into the
 * folder, from the class path, with {@link TextSites} too; a name whose class has nothing to change
 * is an error. Older classes become those of Java 11, which was the first with nests.
 *
 * <p>Run by the build behind the compiler, from its source. What was done once is not done again.
 * Confined to: the main thread.
 */
public final class LambdaClasses {
  private static final String MARK = "$Lambda";
  private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";

  private static final int MAJOR_VERSION_AT = 6;

  private final Path folder;
  private final Map<String, ClassNode> classes = new TreeMap<>();
  private final Set<String> changed = new HashSet<>();
  private final Map<String, byte[]> made = new TreeMap<>();

  private LambdaClasses(Path folder) {
    this.folder = folder;
  }

  /**
   * Does it.
   *
   * @param arguments the folder; for classes of libraries, a file with their names too, one a line
   */
  public static void main(String[] arguments) throws IOException {
    LambdaClasses work = new LambdaClasses(Path.of(arguments[0]));
    if (arguments.length == 1) {
      work.readFolder();
      work.run();
      work.replaceMethodsOfRecords();
      work.removeLeftovers();
    } else {
      List<String> names = Files.readAllLines(Path.of(arguments[1]));
      for (String name : names) {
        work.readLibrary(name.replace('.', '/'));
      }
      work.run();
      work.replaceTexts(names);
      work.check(names);
    }
    work.write();
  }

  private void readFolder() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(file -> file.toString().endsWith(".class")).toList();
    }
    for (Path file : files) {
      ClassNode read = read(Files.readAllBytes(file));
      classes.put(read.name, read);
    }
  }

  private void readLibrary(String name) throws IOException {
    try (InputStream in =
        LambdaClasses.class.getClassLoader().getResourceAsStream(name + ".class")) {
      if (in == null) {
        throw new IllegalArgumentException(
            "There is no class " + name + " in the libraries: take it out of the list.");
      }
      ClassNode read = read(in.readAllBytes());
      classes.put(name, read);
      // The nest is told by its host, which has to be written as well.
      if (read.nestHostClass != null && !classes.containsKey(read.nestHostClass)) {
        readLibrary(read.nestHostClass);
      }
    }
  }

  private void replaceTexts(List<String> names) {
    for (String name : names) {
      ClassNode host = classes.get(name.replace('.', '/'));
      if (TextSites.replace(host)) {
        changed.add(host.name);
      }
    }
  }

  private void replaceMethodsOfRecords() {
    for (ClassNode host : classes.values()) {
      if (RecordMethods.replace(host)) {
        changed.add(host.name);
      }
    }
  }

  private void check(List<String> names) {
    for (String name : names) {
      if (!changed.contains(name.replace('.', '/'))) {
        throw new IllegalArgumentException(
            "The class "
                + name
                + " has no lambda expression and joins no text: take it out of the list.");
      }
    }
  }

  private void run() {
    for (ClassNode host : List.copyOf(classes.values())) {
      rewrite(host);
    }
  }

  private void write() throws IOException {
    for (String name : changed) {
      ClassNode node = classes.get(name);
      node.version = Math.max(node.version, V11);
      ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
      node.accept(writer);
      write(name, writer.toByteArray());
    }
    for (Map.Entry<String, byte[]> one : made.entrySet()) {
      write(one.getKey(), one.getValue());
    }
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.createDirectories(file(name).getParent());
    Files.write(file(name), bytes);
  }

  private Path file(String name) {
    return folder.resolve(name + ".class");
  }

  private static ClassNode read(byte[] bytes) {
    ClassNode node = new ClassNode();
    new ClassReader(bytes).accept(node, 0);
    return node;
  }

  /** Those of an earlier compilation: the host that was compiled anew does not name them. */
  private void removeLeftovers() throws IOException {
    for (ClassNode node : classes.values()) {
      boolean own = node.name.contains(MARK) && (node.access & ACC_SYNTHETIC) != 0;
      if (own && !made.containsKey(node.name)) {
        ClassNode host = classes.get(node.nestHostClass);
        if (host == null || host.nestMembers == null || !host.nestMembers.contains(node.name)) {
          Files.delete(file(node.name));
        }
      }
    }
  }

  private void rewrite(ClassNode host) {
    int number = 0;
    for (MethodNode method : host.methods) {
      int line = 0;
      for (AbstractInsnNode step : method.instructions.toArray()) {
        if (step instanceof LineNumberNode at) {
          line = at.line;
        } else if (step instanceof InvokeDynamicInsnNode call && isPlain(call)) {
          LambdaSite site = new LambdaSite(host, host.name + MARK + number, call, line);
          if (isConvertible(site)) {
            number++;
            method.instructions.set(call, replacement(site));
            add(site);
          }
        }
      }
    }
  }

  private void add(LambdaSite site) {
    made.put(site.name, site.write());
    changed.add(site.host.name);
    ClassNode nest = site.host;
    if (nest.nestHostClass != null) {
      nest = classes.get(nest.nestHostClass);
      changed.add(nest.name);
    }
    if (nest.nestMembers == null) {
      nest.nestMembers = new ArrayList<>();
    }
    if (!nest.nestMembers.contains(site.name)) {
      nest.nestMembers.add(site.name);
    }
  }

  private static boolean isPlain(InvokeDynamicInsnNode call) {
    return call.bsm.getOwner().equals(FACTORY) && call.bsm.getName().equals("metafactory");
  }

  private static AbstractInsnNode replacement(LambdaSite site) {
    return site.captured.length == 0
        ? new FieldInsnNode(GETSTATIC, site.name, "ONLY", site.face.getDescriptor())
        : new MethodInsnNode(INVOKESTATIC, site.name, "of", site.call.desc, false);
  }

  /** Whether the class can call the code, and needs nothing but casts and boxes for it. */
  private boolean isConvertible(LambdaSite site) {
    int given = site.captured.length;
    if (site.parameters.size() != given + site.erased.length || !isReachable(site)) {
      return false;
    }
    for (int i = 0; i < given; i++) {
      if (!LambdaSite.isCastable(site.captured[i], site.parameters.get(i))) {
        return false;
      }
    }
    for (int i = 0; i < site.erased.length; i++) {
      if (!LambdaSite.isCastable(site.erased[i], site.actual[i])
          || !LambdaSite.isCastable(site.actual[i], site.parameters.get(given + i))) {
        return false;
      }
    }
    return site.wanted == Type.VOID_TYPE || LambdaSite.isCastable(site.result, site.wanted);
  }

  private boolean isReachable(LambdaSite site) {
    Handle code = site.code;
    String owner = code.getOwner();
    if (owner.equals(site.host.name)) {
      // A method of a superclass can only be called from the class itself.
      return code.getTag() != H_INVOKESPECIAL || isPrivate(site.host, code);
    }
    if (code.getTag() == H_INVOKESPECIAL) {
      return false;
    }
    return packageOf(owner).equals(packageOf(site.host.name)) || isPublic(owner);
  }

  private static boolean isPrivate(ClassNode host, Handle code) {
    return host.methods.stream()
        .filter(method -> method.name.equals(code.getName()) && method.desc.equals(code.getDesc()))
        .anyMatch(method -> (method.access & ACC_PRIVATE) != 0);
  }

  private static String packageOf(String name) {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }

  /**
   * Of a class that is only asked for this. It may be of a Java that is newer than what the reader
   * knows, which changes nothing here.
   */
  static boolean isPublic(byte[] anyVersion) {
    byte[] known = anyVersion.clone();
    known[MAJOR_VERSION_AT] = 0;
    known[MAJOR_VERSION_AT + 1] = V17;
    return (new ClassReader(known).getAccess() & ACC_PUBLIC) != 0;
  }

  private boolean isPublic(String name) {
    ClassNode own = classes.get(name);
    if (own != null) {
      return (own.access & ACC_PUBLIC) != 0;
    }
    try (InputStream in =
        LambdaClasses.class.getClassLoader().getResourceAsStream(name + ".class")) {
      return in != null && isPublic(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
