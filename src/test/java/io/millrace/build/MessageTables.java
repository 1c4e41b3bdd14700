package io.millrace.build;

import static org.objectweb.asm.Opcodes.*;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Writes changed copies of Kafka's two tables of APIs into a folder, which do not make the schemas
 * of all messages when they are first used. A start needs some ten of the 180 messages, but the
 * tables load the 900 classes of all of them. In the copies {@code ApiMessageType} takes a schema
 * from its message when it is asked for it, and {@code ApiKeys} knows what it only wanted to find
 * out from the schemas.
 *
 * <p>Run by the build behind {@link LambdaClasses}, whose copies it goes on with. Tables of another
 * form, as another version of the library may have, are an error. Confined to: the main thread.
 */
public final class MessageTables {
  private static final String TYPES = "org/apache/kafka/common/message/ApiMessageType";
  private static final String KEYS = "org/apache/kafka/common/protocol/ApiKeys";
  private static final String SCHEMAS = "[Lorg/apache/kafka/common/protocol/types/Schema;";
  private static final String TAKES_SCHEMAS = "()" + SCHEMAS;
  private static final String RETAINS = "shouldRetainsBufferReference";

  private final Path folder;

  private MessageTables(Path folder) {
    this.folder = folder;
  }

  /**
   * Does it.
   *
   * @param arguments the folder
   */
  public static void main(String[] arguments) throws IOException {
    MessageTables tables = new MessageTables(Path.of(arguments[0]));
    ClassNode types = tables.read(TYPES);
    changeTypes(types);
    ClassNode keys = tables.read(KEYS);
    changeKeys(keys);
    tables.write(types);
    tables.write(keys);
  }

  /** Out of the folder, where a copy may be; else from the class path. */
  private ClassNode read(String name) throws IOException {
    Path copy = file(name);
    byte[] bytes;
    if (Files.exists(copy)) {
      bytes = Files.readAllBytes(copy);
    } else {
      try (InputStream in =
          MessageTables.class.getClassLoader().getResourceAsStream(name + ".class")) {
        check(in != null, name + " is not there");
        bytes = in.readAllBytes();
      }
    }
    ClassNode node = new ClassNode();
    new ClassReader(bytes).accept(node, 0);
    return node;
  }

  private void write(ClassNode node) throws IOException {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    node.accept(writer);
    Files.createDirectories(file(node.name).getParent());
    Files.write(file(node.name), writer.toByteArray());
  }

  private Path file(String name) {
    return folder.resolve(name + ".class");
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(
          "The tables of APIs have another form: " + otherwise + ". Take MessageTables along.");
    }
  }

  // --- ApiMessageType ---------------------------------------------------------------------------

  /**
   * The constants are made one after another, with the schemas of their two messages, but for a few
   * that were retired and have none.
   */
  private static void changeTypes(ClassNode types) {
    Map<Integer, String[]> messages = new TreeMap<>();
    List<String> taken = new ArrayList<>(2);
    int ordinal = 0;
    MethodNode constants = method(types, "<clinit>", "()V");
    for (AbstractInsnNode step : constants.instructions.toArray()) {
      if (step instanceof FieldInsnNode field && field.name.equals("SCHEMAS")) {
        check(step.getOpcode() == GETSTATIC && field.desc.equals(SCHEMAS), "a schema is set");
        taken.add(field.owner);
        constants.instructions.set(step, new InsnNode(ACONST_NULL));
      } else if (step.getOpcode() == PUTSTATIC
          && ((FieldInsnNode) step).desc.equals("L" + TYPES + ";")) {
        check(taken.isEmpty() || taken.size() == 2, "a constant has the schemas of " + taken);
        if (!taken.isEmpty()) {
          messages.put(ordinal, taken.toArray(String[]::new));
        }
        taken.clear();
        ordinal++;
      }
    }
    check(!messages.isEmpty() && taken.isEmpty(), "there are no schemas");
    check(uses(types, "requestSchemas") == 2 && uses(types, "responseSchemas") == 2, "other uses");
    takeFromMessages(types, "requestSchemas", messages, 0);
    takeFromMessages(types, "responseSchemas", messages, 1);
  }

  /** Steps that set or read a field: one of the constructor, one of its method. */
  private static long uses(ClassNode types, String field) {
    return types.methods.stream()
        .flatMap(method -> List.of(method.instructions.toArray()).stream())
        .filter(step -> step instanceof FieldInsnNode access && access.name.equals(field))
        .count();
  }

  private static void takeFromMessages(
      ClassNode types, String name, Map<Integer, String[]> messages, int which) {
    MethodNode old = method(types, name, TAKES_SCHEMAS);
    types.methods.remove(old);
    MethodNode to = new MethodNode(old.access, old.name, old.desc, null, null);
    Label[] cases = Stream.generate(Label::new).limit(messages.size()).toArray(Label[]::new);
    Label none = new Label();
    to.visitCode();
    to.visitVarInsn(ALOAD, 0);
    to.visitMethodInsn(INVOKEVIRTUAL, TYPES, "ordinal", "()I", false);
    to.visitLookupSwitchInsn(none, numbers(messages.keySet()), cases);
    int next = 0;
    for (String[] both : messages.values()) {
      to.visitLabel(cases[next++]);
      to.visitFrame(F_SAME, 0, null, 0, null);
      to.visitFieldInsn(GETSTATIC, both[which], "SCHEMAS", SCHEMAS);
      to.visitInsn(ARETURN);
    }
    to.visitLabel(none);
    to.visitFrame(F_SAME, 0, null, 0, null);
    to.visitVarInsn(ALOAD, 0);
    to.visitFieldInsn(GETFIELD, TYPES, name, SCHEMAS);
    to.visitInsn(ARETURN);
    to.visitMaxs(0, 0);
    to.visitEnd();
    types.methods.add(to);
  }

  private static int[] numbers(Set<Integer> from) {
    return from.stream().mapToInt(Integer::intValue).toArray();
  }

  // --- ApiKeys ----------------------------------------------------------------------------------

  /**
   * A key looks through the schemas of its request for fields that keep hold of the request's
   * memory. What it found is asked of the library that is packed.
   */
  private static void changeKeys(ClassNode keys) {
    String shape = Type.getMethodDescriptor(Type.BOOLEAN_TYPE, Type.getType(SCHEMAS));
    MethodNode constructor =
        method(keys, "<init>", "(Ljava/lang/String;IL" + TYPES + ";ZZ)V"); // name, ordinal, ...
    int found = 0;
    for (MethodNode method : keys.methods) {
      for (AbstractInsnNode step : method.instructions.toArray()) {
        if (step instanceof MethodInsnNode call && call.name.equals(RETAINS)) {
          AbstractInsnNode taken = call.getPrevious();
          AbstractInsnNode type = taken.getPrevious();
          check(
              method == constructor
                  && call.desc.equals(shape)
                  && taken instanceof MethodInsnNode before
                  && before.name.equals("requestSchemas")
                  && type instanceof VarInsnNode variable
                  && variable.getOpcode() == ALOAD
                  && variable.var == 3,
              RETAINS + " is called in another way");
          method.instructions.remove(taken);
          method.instructions.set(type, new VarInsnNode(ILOAD, 2));
          method.instructions.set(call, new MethodInsnNode(INVOKESTATIC, KEYS, RETAINS, "(I)Z"));
          found++;
        }
      }
    }
    check(found == 1, RETAINS + " is called " + found + " times");
    keys.methods.add(retaining());
  }

  /** Whether the key of an ordinal number has such fields. */
  private static MethodNode retaining() {
    Set<Integer> retaining = new TreeSet<>();
    for (ApiKeys key : ApiKeys.values()) {
      if (key.requiresDelayedAllocation) {
        retaining.add(key.ordinal());
      }
    }
    MethodNode to =
        new MethodNode(ACC_PRIVATE | ACC_STATIC | ACC_SYNTHETIC, RETAINS, "(I)Z", null, null);
    Label yes = new Label();
    Label no = new Label();
    Label[] cases = new Label[retaining.size()];
    Arrays.fill(cases, yes);
    to.visitCode();
    to.visitVarInsn(ILOAD, 0);
    to.visitLookupSwitchInsn(no, numbers(retaining), cases);
    to.visitLabel(yes);
    to.visitFrame(F_SAME, 0, null, 0, null);
    RecordMethods.answerUnless(to, no);
    to.visitMaxs(0, 0);
    to.visitEnd();
    return to;
  }

  private static MethodNode method(ClassNode node, String name, String shape) {
    List<MethodNode> found =
        node.methods.stream()
            .filter(method -> method.name.equals(name) && method.desc.equals(shape))
            .toList();
    check(found.size() == 1, node.name + " has no " + name + shape);
    return found.get(0);
  }
}
