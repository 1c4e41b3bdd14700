package io.millrace.build;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;

/** One lambda expression, and the class that takes its place. Confined to: the main thread. */
final class LambdaSite {
  final ClassNode host;
  final String name;
  final InvokeDynamicInsnNode call;
  private final int line;
  final Handle code;
  final Type face;
  final Type[] captured;
  final Type[] erased;
  final Type[] actual;
  final Type wanted;
  final Type result;
  final List<Type> parameters = new ArrayList<>();

  LambdaSite(ClassNode host, String name, InvokeDynamicInsnNode call, int line) {
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
    writer.visit(Math.max(host.version, V11), access, name, null, "java/lang/Object", faces);
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

  static boolean isObject(Type type) {
    return type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
  }

  /** The class whose objects stand for a number of that type. */
  static Type box(Type type) {
    String name =
        switch (type.getSort()) {
          case Type.BOOLEAN -> "Boolean";
          case Type.CHAR -> "Character";
          case Type.BYTE -> "Byte";
          case Type.SHORT -> "Short";
          case Type.INT -> "Integer";
          case Type.LONG -> "Long";
          case Type.FLOAT -> "Float";
          case Type.DOUBLE -> "Double";
          default -> throw new IllegalArgumentException(type + " has no box");
        };
    return Type.getObjectType("java/lang/" + name);
  }

  private static boolean isNumber(Type type) {
    return !isObject(type) && type.getSort() != Type.VOID;
  }

  /** Whether {@link #cast} can make the one of the other: numbers are boxed, but never widened. */
  static boolean isCastable(Type from, Type to) {
    if (from.equals(to) || (isObject(from) && isObject(to))) {
      return true;
    }
    return (isNumber(from) && isObject(to)) || (isNumber(to) && from.equals(box(to)));
  }

  private static void cast(MethodVisitor to, Type from, Type wanted) {
    if (from.equals(wanted)) {
      return;
    }
    if (isNumber(from)) {
      Type box = box(from);
      String shape = Type.getMethodDescriptor(box, from);
      to.visitMethodInsn(Opcodes.INVOKESTATIC, box.getInternalName(), "valueOf", shape, false);
    } else if (isNumber(wanted)) {
      String value = wanted.getClassName() + "Value";
      String shape = Type.getMethodDescriptor(wanted);
      to.visitMethodInsn(INVOKEVIRTUAL, from.getInternalName(), value, shape, false);
    } else if (!wanted.getInternalName().equals("java/lang/Object")) {
      to.visitTypeInsn(CHECKCAST, wanted.getInternalName());
    }
  }
}
