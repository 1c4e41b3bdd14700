package io.millrace.build;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Texts that are joined ({@code "a" + b}) by a call site which Java links when it comes there, as
 * methods that join them by plain calls. Each new shape of such a site costs a start milliseconds,
 * since Java writes classes for it. Stateless.
 */
final class TextSites {
  private static final String FACTORY = "java/lang/invoke/StringConcatFactory";
  private static final String BUILDER = "java/lang/StringBuilder";
  private static final String MARK = "text$";
  private static final char ARGUMENT = '\1';
  private static final char CONSTANT = '\2';

  private TextSites() {}

  /** Replaces those of a class; whether there was one. */
  static boolean replace(ClassNode host) {
    List<MethodNode> made = new ArrayList<>();
    for (MethodNode method : host.methods) {
      for (AbstractInsnNode step : method.instructions.toArray()) {
        if (step instanceof InvokeDynamicInsnNode call && isText(call)) {
          MethodNode joining = joining(MARK + made.size(), call);
          made.add(joining);
          boolean ofInterface = (host.access & ACC_INTERFACE) != 0;
          method.instructions.set(
              call,
              new MethodInsnNode(INVOKESTATIC, host.name, joining.name, joining.desc, ofInterface));
        }
      }
    }
    host.methods.addAll(made);
    return !made.isEmpty();
  }

  /**
   * With a recipe of texts and arguments; what it inserts besides are texts, not other constants.
   */
  private static boolean isText(InvokeDynamicInsnNode call) {
    if (!call.bsm.getOwner().equals(FACTORY)
        || !call.bsm.getName().equals("makeConcatWithConstants")) {
      return false;
    }
    for (int i = 1; i < call.bsmArgs.length; i++) {
      if (!(call.bsmArgs[i] instanceof String)) {
        return false;
      }
    }
    return true;
  }

  private static MethodNode joining(String name, InvokeDynamicInsnNode call) {
    MethodNode to =
        new MethodNode(ACC_PRIVATE | ACC_STATIC | ACC_SYNTHETIC, name, call.desc, null, null);
    Type[] given = Type.getArgumentTypes(call.desc);
    to.visitCode();
    to.visitTypeInsn(NEW, BUILDER);
    to.visitInsn(DUP);
    to.visitMethodInsn(INVOKESPECIAL, BUILDER, "<init>", "()V", false);
    StringBuilder plain = new StringBuilder();
    int argument = 0;
    int slot = 0;
    int constant = 1;
    for (char c : ((String) call.bsmArgs[0]).toCharArray()) {
      if (c == ARGUMENT) {
        appendText(to, plain);
        Type type = given[argument++];
        to.visitVarInsn(type.getOpcode(ILOAD), slot);
        slot += type.getSize();
        append(to, type);
      } else if (c == CONSTANT) {
        plain.append((String) call.bsmArgs[constant++]);
      } else {
        plain.append(c);
      }
    }
    appendText(to, plain);
    to.visitMethodInsn(INVOKEVIRTUAL, BUILDER, "toString", "()Ljava/lang/String;", false);
    to.visitInsn(ARETURN);
    to.visitMaxs(0, 0);
    to.visitEnd();
    return to;
  }

  private static void appendText(MethodNode to, StringBuilder plain) {
    if (!plain.isEmpty()) {
      to.visitLdcInsn(plain.toString());
      append(to, Type.getType(String.class));
      plain.setLength(0);
    }
  }

  private static void append(MethodNode to, Type type) {
    String taken =
        switch (type.getSort()) {
          case Type.BYTE, Type.SHORT -> "I";
          case Type.ARRAY -> "Ljava/lang/Object;"; // never the characters of a char[]
          case Type.OBJECT ->
              type.getClassName().equals("java.lang.String")
                  ? "Ljava/lang/String;"
                  : "Ljava/lang/Object;";
          default -> type.getDescriptor();
        };
    String shape = "(" + taken + ")Ljava/lang/StringBuilder;";
    to.visitMethodInsn(INVOKEVIRTUAL, BUILDER, "append", shape, false);
  }
}
