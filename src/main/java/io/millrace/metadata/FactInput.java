package io.millrace.metadata;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link FactOutput} wrote. Every length is checked against what is left, so that
 * damaged bytes end in {@link FactFormatException} and never in a huge allocation.
 */
final class FactInput {
  private final ByteBuffer buffer;

  FactInput(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  boolean isEmpty() {
    return !buffer.hasRemaining();
  }

  /** Reads the next {@code size} bytes with a reader of their own, which must use them all up. */
  <T> T whole(int size, Function<FactInput, T> reader) {
    FactInput part = new FactInput(slice(size));
    T value = reader.apply(part);
    if (!part.isEmpty()) {
      throw new FactFormatException("a fact of " + size + " bytes has bytes left over");
    }
    return value;
  }

  private ByteBuffer slice(int size) {
    if (size < 0 || size > buffer.remaining()) {
      throw new FactFormatException(
          "a length of " + size + " where " + buffer.remaining() + " bytes are left");
    }
    ByteBuffer part = buffer.slice(buffer.position(), size);
    buffer.position(buffer.position() + size);
    return part;
  }

  private static <T> T checked(Supplier<T> read) {
    try {
      return read.get();
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new FactFormatException("a fact ends in the middle or holds a broken number");
    }
  }

  int number() {
    return checked(() -> ByteUtils.readVarint(buffer));
  }

  long longNumber() {
    return checked(() -> ByteUtils.readVarlong(buffer));
  }

  int octet() {
    return checked(() -> (int) buffer.get());
  }

  boolean flag() {
    return octet() != 0;
  }

  byte[] bytes() {
    ByteBuffer part = slice(number());
    byte[] value = new byte[part.remaining()];
    part.get(value);
    return value;
  }

  String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  @Nullable String textOrNull() {
    return flag() ? text() : null;
  }

  Uuid uuid() {
    return checked(() -> new Uuid(buffer.getLong(), buffer.getLong()));
  }

  private int count() {
    int count = number();
    if (count < 0 || count > buffer.remaining()) {
      throw new FactFormatException("a list of " + count + " in " + buffer.remaining() + " bytes");
    }
    return count;
  }

  <T> List<T> list(Function<FactInput, T> element) {
    int count = count();
    List<T> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(element.apply(this));
    }
    return values;
  }

  List<Integer> numbers() {
    return list(FactInput::number);
  }

  Map<String, String> texts() {
    int count = count();
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      values.put(text(), text());
    }
    return values;
  }

  /** The form of partitions that cannot be reassigned. */
  PartitionImage partitionV0() {
    return new PartitionImage(numbers(), numbers(), number(), number(), number());
  }

  PartitionImage partition() {
    return new PartitionImage(
        numbers(), numbers(), number(), number(), number(), numbers(), numbers(), numbers(),
        numbers(), numbers());
  }

  BrokerStart brokerStart() {
    return new BrokerStart(text(), uuid(), flag());
  }

  Endpoint endpoint() {
    return new Endpoint(text(), text(), text(), number());
  }

  ConfigScope scope() {
    return new ConfigScope(ConfigScope.Kind.of((byte) octet()), text());
  }
}
