package io.millrace.build;

import static org.objectweb.asm.Opcodes.*;

import java.util.List;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The {@code hashCode} and {@code equals} that a record has by itself, as plain code. Java puts
 * them together when they are called first, which costs a start milliseconds for a record that is a
 * key of a map. They say the same as before; {@code toString} stays as it was. Stateless.
 */
final class RecordMethods {
  private static final String FACTORY = "java/lang/runtime/ObjectMethods";
  private static final String OBJECTS = "java/util/Objects";

  private RecordMethods() {}

  /** Replaces those of a class; whether there was one. */
  static boolean replace(ClassNode host) {
    boolean any = false;
    for (MethodNode method : host.methods) {
      InvokeDynamicInsnNode call = made(method);
      if (call != null && (method.name.equals("hashCode") || method.name.equals("equals"))) {
        method.instructions.clear();
        method.localVariables = null;
        List<Handle> fields =
            List.of(call.bsmArgs).subList(2, call.bsmArgs.length).stream()
                .map(Handle.class::cast)
                .toList();
        if (method.name.equals("hashCode")) {
          writeHashCode(method, fields);
        } else {
          writeEquals(method, host.name, fields);
        }
        any = true;
      }
    }
    return any;
  }

  private static InvokeDynamicInsnNode made(MethodNode method) {
    for (AbstractInsnNode step : method.instructions) {
      if (step instanceof InvokeDynamicInsnNode call && call.bsm.getOwner().equals(FACTORY)) {
        return call;
      }
    }
    return null;
  }

  private static void writeHashCode(MethodNode to, List<Handle> fields) {
    to.visitInsn(ICONST_0);
    for (Handle field : fields) {
      Type type = Type.getType(field.getDesc());
      to.visitIntInsn(BIPUSH, 31);
      to.visitInsn(IMUL);
      get(to, field);
      String owner = isObject(type) ? OBJECTS : LambdaSite.box(type).getInternalName();
      String taken = isObject(type) ? "Ljava/lang/Object;" : type.getDescriptor();
      to.visitMethodInsn(INVOKESTATIC, owner, "hashCode", "(" + taken + ")I", false);
      to.visitInsn(IADD);
    }
    to.visitInsn(IRETURN);
    to.visitMaxs(0, 0);
  }

  private static void get(MethodNode to, Handle field) {
    to.visitVarInsn(ALOAD, 0);
    to.visitFieldInsn(GETFIELD, field.getOwner(), field.getName(), field.getDesc());
  }

  private static void writeEquals(MethodNode to, String record, List<Handle> fields) {
    Label another = new Label();
    Label no = new Label();
    to.visitVarInsn(ALOAD, 0);
    to.visitVarInsn(ALOAD, 1);
    to.visitJumpInsn(IF_ACMPNE, another);
    to.visitInsn(ICONST_1);
    to.visitInsn(IRETURN);
    to.visitLabel(another);
    to.visitFrame(F_SAME, 0, null, 0, null);
    to.visitVarInsn(ALOAD, 1);
    to.visitTypeInsn(INSTANCEOF, record);
    to.visitJumpInsn(IFEQ, no);
    for (Handle field : fields) {
      get(to, field);
      to.visitVarInsn(ALOAD, 1);
      to.visitTypeInsn(CHECKCAST, record);
      to.visitFieldInsn(GETFIELD, field.getOwner(), field.getName(), field.getDesc());
      jumpUnlessEqual(to, Type.getType(field.getDesc()), no);
    }
    answerUnless(to, no);
    to.visitMaxs(0, 0);
  }

  /** Ends a method: true where the steps come to, false where they jumped to {@code no}. */
  static void answerUnless(MethodNode to, Label no) {
    to.visitInsn(ICONST_1);
    to.visitInsn(IRETURN);
    to.visitLabel(no);
    to.visitFrame(F_SAME, 0, null, 0, null);
    to.visitInsn(ICONST_0);
    to.visitInsn(IRETURN);
  }

  private static void jumpUnlessEqual(MethodNode to, Type type, Label no) {
    switch (type.getSort()) {
      case Type.OBJECT, Type.ARRAY -> {
        String shape = "(Ljava/lang/Object;Ljava/lang/Object;)Z";
        to.visitMethodInsn(INVOKESTATIC, OBJECTS, "equals", shape, false);
        to.visitJumpInsn(IFEQ, no);
      }
      case Type.LONG -> {
        to.visitInsn(LCMP);
        to.visitJumpInsn(IFNE, no);
      }
      case Type.FLOAT, Type.DOUBLE -> {
        // Not as numbers: what is no number equals itself.
        String shape = "(" + type.getDescriptor() + type.getDescriptor() + ")I";
        String owner = LambdaSite.box(type).getInternalName();
        to.visitMethodInsn(INVOKESTATIC, owner, "compare", shape, false);
        to.visitJumpInsn(IFNE, no);
      }
      default -> to.visitJumpInsn(IF_ICMPNE, no);
    }
  }

  private static boolean isObject(Type type) {
    return LambdaSite.isObject(type);
  }
}
