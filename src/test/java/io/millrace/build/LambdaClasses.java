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
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
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
 * needs conversions of numbers, or more than one interface, stays as it is.
 *
 * <p>Run by the build behind the compiler, from its source. What was done once is not done again.
 * Confined to: the main thread.
 */
public final class LambdaClasses {
  private static final String MARK = "$Lambda";
  private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";

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
   * @param arguments the folder
   */
  public static void main(String[] arguments) throws IOException {
    new LambdaClasses(Path.of(arguments[0])).run();
  }

  private void run() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(file -> file.toString().endsWith(".class")).toList();
    }
    for (Path file : files) {
      ClassNode read = read(Files.readAllBytes(file));
      classes.put(read.name, read);
    }
    for (ClassNode host : List.copyOf(classes.values())) {
      rewrite(host);
    }
    removeLeftovers();
    for (String name : changed) {
      ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
      classes.get(name).accept(writer);
      Files.write(file(name), writer.toByteArray());
    }
    for (Map.Entry<String, byte[]> one : made.entrySet()) {
      Files.write(file(one.getKey()), one.getValue());
    }
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
          Site site = new Site(host, host.name + MARK + number, call, line);
          if (isConvertible(site)) {
            number++;
            method.instructions.set(call, replacement(site));
            add(site);
          }
        }
      }
    }
  }

  private void add(Site site) {
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

  private static AbstractInsnNode replacement(Site site) {
    return site.captured.length == 0
        ? new FieldInsnNode(GETSTATIC, site.name, "ONLY", site.face.getDescriptor())
        : new MethodInsnNode(INVOKESTATIC, site.name, "of", site.call.desc, false);
  }

  /** Whether the class can call the code, and needs nothing but casts for it. */
  private boolean isConvertible(Site site) {
    int given = site.captured.length;
    if (site.parameters.size() != given + site.erased.length || !isReachable(site)) {
      return false;
    }
    for (int i = 0; i < given; i++) {
      if (!isSameOrObjects(site.captured[i], site.parameters.get(i))) {
        return false;
      }
    }
    for (int i = 0; i < site.erased.length; i++) {
      if (!isSameOrObjects(site.erased[i], site.parameters.get(given + i))
          || !isSameOrObjects(site.erased[i], site.actual[i])) {
        return false;
      }
    }
    return site.wanted == Type.VOID_TYPE || isSameOrObjects(site.result, site.wanted);
  }

  private static boolean isSameOrObjects(Type from, Type to) {
    return from.equals(to) || (isObject(from) && isObject(to));
  }

  private static boolean isObject(Type type) {
    return type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
  }

  private boolean isReachable(Site site) {
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

  private boolean isPublic(String name) {
    ClassNode own = classes.get(name);
    if (own != null) {
      return (own.access & ACC_PUBLIC) != 0;
    }
    try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
      return in != null && (new ClassReader(in).getAccess() & ACC_PUBLIC) != 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One expression, and the class that takes its place. */
  private static final class Site {
    private final ClassNode host;
    private final String name;
    private final InvokeDynamicInsnNode call;
    private final int line;
    private final Handle code;
    private final Type face;
    private final Type[] captured;
    private final Type[] erased;
    private final Type[] actual;
    private final Type wanted;
    private final Type result;
    private final List<Type> parameters = new ArrayList<>();

    Site(ClassNode host, String name, InvokeDynamicInsnNode call, int line) {
      this.host = host;
      this.name = name;
      this.call = call;
      this.line = line;
      code = (Handle) call.bsmArgs[1];
      face = Type.getReturnType(call.desc);
      captured = Type.getArgumentTypes(call.desc);
      erased = ((Type) call.bsmArgs[0]).getArgumentTypes();
      wanted = ((Type) call.bsmArgs[0]).getReturnType();
      actual = ((Type) call.bsmArgs[2]).getArgumentTypes();
      Type owner = Type.getObjectType(code.getOwner());
      result = makes() ? owner : Type.getReturnType(code.getDesc());
      if (!makes() && code.getTag() != H_INVOKESTATIC) {
        parameters.add(owner);
      }
      parameters.addAll(List.of(Type.getArgumentTypes(code.getDesc())));
    }

    private boolean makes() {
      return code.getTag() == H_NEWINVOKESPECIAL;
    }

    byte[] write() {
      ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
      int access = ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC;
      String[] faces = {face.getInternalName()};
      writer.visit(host.version, access, name, null, "java/lang/Object", faces);
      writer.visitSource(host.sourceFile, null);
      writer.visitNestHost(host.nestHostClass != null ? host.nestHostClass : host.name);
      writeConstructor(writer);
      if (captured.length == 0) {
        writeOnly(writer);
      } else {
        writeOf(writer);
      }
      writeCall(writer);
      writer.visitEnd();
      return writer.toByteArray();
    }

    private void writeConstructor(ClassWriter writer) {
      String shape = Type.getMethodDescriptor(Type.VOID_TYPE, captured);
      MethodVisitor to = begin(writer, ACC_PRIVATE, "<init>", shape);
      to.visitVarInsn(ALOAD, 0);
      to.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
      int slot = 1;
      for (int i = 0; i < captured.length; i++) {
        String type = captured[i].getDescriptor();
        writer.visitField(ACC_PRIVATE | ACC_FINAL, "captured" + i, type, null, null).visitEnd();
        to.visitVarInsn(ALOAD, 0);
        to.visitVarInsn(captured[i].getOpcode(ILOAD), slot);
        to.visitFieldInsn(PUTFIELD, name, "captured" + i, type);
        slot += captured[i].getSize();
      }
      end(to, RETURN);
    }

    private MethodVisitor begin(ClassWriter writer, int access, String method, String shape) {
      MethodVisitor to = writer.visitMethod(access, method, shape, null, null);
      to.visitCode();
      Label start = new Label();
      to.visitLabel(start);
      to.visitLineNumber(line, start);
      return to;
    }

    private static void end(MethodVisitor to, int returns) {
      to.visitInsn(returns);
      to.visitMaxs(0, 0);
      to.visitEnd();
    }

    /** One that captures nothing is made once. */
    private void writeOnly(ClassWriter writer) {
      String type = face.getDescriptor();
      writer.visitField(ACC_STATIC | ACC_FINAL, "ONLY", type, null, null).visitEnd();
      MethodVisitor to = begin(writer, ACC_STATIC, "<clinit>", "()V");
      writeNew(to);
      to.visitFieldInsn(PUTSTATIC, name, "ONLY", type);
      end(to, RETURN);
    }

    private void writeOf(ClassWriter writer) {
      MethodVisitor to = begin(writer, ACC_STATIC, "of", call.desc);
      writeNew(to);
      end(to, ARETURN);
    }

    private void writeNew(MethodVisitor to) {
      to.visitTypeInsn(NEW, name);
      to.visitInsn(DUP);
      int slot = 0;
      for (Type type : captured) {
        to.visitVarInsn(type.getOpcode(ILOAD), slot);
        slot += type.getSize();
      }
      String shape = Type.getMethodDescriptor(Type.VOID_TYPE, captured);
      to.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", shape, false);
    }

    private void writeCall(ClassWriter writer) {
      String shape = Type.getMethodDescriptor(wanted, erased);
      MethodVisitor to = begin(writer, ACC_PUBLIC, call.name, shape);
      if (makes()) {
        to.visitTypeInsn(NEW, code.getOwner());
        to.visitInsn(DUP);
      }
      for (int i = 0; i < captured.length; i++) {
        to.visitVarInsn(ALOAD, 0);
        to.visitFieldInsn(GETFIELD, name, "captured" + i, captured[i].getDescriptor());
        cast(to, captured[i], parameters.get(i));
      }
      int slot = 1;
      for (int i = 0; i < erased.length; i++) {
        to.visitVarInsn(erased[i].getOpcode(ILOAD), slot);
        cast(to, erased[i], actual[i]);
        cast(to, actual[i], parameters.get(captured.length + i));
        slot += erased[i].getSize();
      }
      to.visitMethodInsn(
          opcode(), code.getOwner(), code.getName(), code.getDesc(), code.isInterface());
      writeReturn(to);
    }

    private int opcode() {
      return switch (code.getTag()) {
        case H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
        case H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
        default -> code.isInterface() ? INVOKEINTERFACE : INVOKEVIRTUAL;
      };
    }

    private void writeReturn(MethodVisitor to) {
      if (wanted == Type.VOID_TYPE) {
        if (result.getSize() > 0) {
          to.visitInsn(result.getSize() == 1 ? POP : POP2);
        }
      } else {
        cast(to, result, wanted);
      }
      end(to, wanted.getOpcode(IRETURN));
    }

    private static void cast(MethodVisitor to, Type from, Type wanted) {
      boolean none = from.equals(wanted) || !isObject(wanted);
      if (!none && !wanted.getInternalName().equals("java/lang/Object")) {
        to.visitTypeInsn(CHECKCAST, wanted.getInternalName());
      }
    }
  }
}
