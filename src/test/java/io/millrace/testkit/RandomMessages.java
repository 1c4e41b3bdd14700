package io.millrace.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Requests and responses whose fields are filled at random, with values that a broker may know
 * (names of topics and groups) and values that nobody should send. The seed decides everything.
 * Confined to: one thread.
 */
public final class RandomMessages {
  private static final String[] NAMES = {"fuzz-0", "fuzz-1", "group", "", ".", "..", "a/b", "\0"};
  private static final int[] INTS = {-2, -1, 0, 1, 2, 3, 10, 1 << 20, 0x7fffffff, 0x80000000};

  private final Random random;

  /** Fields of eight that are filled: old versions know few, and refuse the others. */
  private int density;

  public RandomMessages(Random random) {
    this.random = random;
  }

  /** A request of this API. */
  public ApiMessage request(ApiKeys api) {
    ApiMessage message = api.messageType.newRequest();
    density = 1 + random.nextInt(8);
    fill(message, 0);
    return message;
  }

  /** A response of this API. */
  public ApiMessage response(ApiKeys api) {
    ApiMessage message = api.messageType.newResponse();
    density = 1 + random.nextInt(8);
    fill(message, 0);
    return message;
  }

  private void fill(Object message, int depth) {
    Method[] methods = message.getClass().getMethods();
    Arrays.sort(methods, Comparator.comparing(Method::getName));
    for (Method setter : methods) {
      boolean isSetter = setter.getName().startsWith("set") && setter.getParameterCount() == 1;
      if (isSetter && random.nextInt(8) < density) {
        set(message, setter, depth);
      }
    }
  }

  private void set(Object message, Method setter, int depth) {
    try {
      Object value = value(setter.getGenericParameterTypes()[0], setter, depth);
      if (value != null) {
        setter.invoke(message, value);
      }
    } catch (InvocationTargetException e) {
      // A setter that checks its range.
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(setter.toString(), e);
    }
  }

  private Object value(Type type, Method setter, int depth) throws ReflectiveOperationException {
    if (type == String.class) {
      return text();
    } else if (type == int.class) {
      return setter.getName().endsWith("Ms") ? random.nextInt(20) : integer();
    } else if (type == long.class) {
      return (long) integer() << (random.nextInt(4) == 0 ? 32 : 0);
    } else if (type == short.class) {
      return (short) (random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(5) - 1);
    } else if (type == byte.class) {
      return (byte) (random.nextInt(8) - 1);
    } else if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == double.class) {
      return random.nextGaussian();
    } else if (type == Uuid.class) {
      return new Uuid(random.nextInt(3), random.nextInt(3));
    } else if (type == byte[].class) {
      return bytes();
    } else if (type == ByteBuffer.class) {
      return ByteBuffer.wrap(bytes());
    } else if (type == BaseRecords.class) {
      return records();
    }
    return collection(type, depth);
  }

  private Object collection(Type type, int depth) throws ReflectiveOperationException {
    int size = depth > 3 ? 0 : random.nextInt(4);
    if (type instanceof ParameterizedType generic) {
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        list.add(element(generic.getActualTypeArguments()[0], depth));
      }
      return list;
    }
    Class<?> raw = (Class<?>) type;
    if (!AbstractCollection.class.isAssignableFrom(raw)) {
      Object nested = raw.getDeclaredConstructor().newInstance();
      fill(nested, depth + 1);
      return nested;
    }
    @SuppressWarnings("unchecked")
    Collection<Object> set = (Collection<Object>) raw.getDeclaredConstructor().newInstance();
    Type superclass = raw.getGenericSuperclass();
    for (int i = 0; i < size; i++) {
      set.add(element(((ParameterizedType) superclass).getActualTypeArguments()[0], depth));
    }
    return set;
  }

  private Object element(Type type, int depth) throws ReflectiveOperationException {
    if (type == String.class) {
      return text();
    } else if (type == Integer.class) {
      return integer();
    } else if (type == Long.class) {
      return (long) integer();
    } else if (type == Short.class) {
      return (short) integer();
    } else if (type == Byte.class) {
      return (byte) integer();
    } else if (type == Uuid.class) {
      return new Uuid(random.nextInt(3), random.nextInt(3));
    } else if (type == byte[].class) {
      return bytes();
    }
    Object nested = ((Class<?>) type).getDeclaredConstructor().newInstance();
    fill(nested, depth + 1);
    return nested;
  }

  private int integer() {
    return random.nextInt(3) == 0 ? INTS[random.nextInt(INTS.length)] : random.nextInt(4);
  }

  private String text() {
    if (random.nextInt(30) == 0) {
      return "x".repeat(random.nextInt(300));
    }
    return NAMES[random.nextInt(random.nextInt(3) == 0 ? NAMES.length : 3)];
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(60)];
    random.nextBytes(bytes);
    return bytes;
  }

  private MemoryRecords records() {
    SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(3)];
    for (int i = 0; i < records.length; i++) {
      records[i] = new SimpleRecord(1_700_000_000_000L + i, bytes(), bytes());
    }
    Compression codec =
        switch (random.nextInt(5)) {
          case 0 -> Compression.gzip().build();
          case 1 -> Compression.lz4().build();
          case 2 -> Compression.snappy().build();
          case 3 -> Compression.zstd().build();
          default -> Compression.NONE;
        };
    return MemoryRecords.withRecords(codec, records);
  }
}
