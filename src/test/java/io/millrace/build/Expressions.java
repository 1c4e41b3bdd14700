package io.millrace.build;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Expressions of many kinds, for {@link LambdaClassesTest}. Confined to: a test's thread. */
public class Expressions implements Callable<List<Object>> {
  private final String field = "field";

  /** A superclass, one of whose methods is overridden. */
  public static class Above {
    String name() {
      return "above";
    }
  }

  /** The one that overrides it. */
  public static final class Below extends Above {
    @Override
    String name() {
      return "below";
    }

    String both() {
      Supplier<String> above = super::name;
      Supplier<String> own = this::name;
      return above.get() + own.get();
    }
  }

  /** One that is a key, with components of all kinds. */
  public record Key(
      int a, long b, double c, boolean d, char e, short f, byte g, float h, String i, int[] j) {}

  /** One without components. */
  public record Nothing() {}

  /** An interface with code. */
  public interface Named {
    /** Its name. */
    String name();

    /** With a private method behind it. */
    default Supplier<String> twice() {
      return () -> decorated() + decorated();
    }

    private String decorated() {
      return "<" + name() + ">";
    }
  }

  private static String join(int a, long b, double c, String d) {
    return a + " " + b + " " + c + " " + d;
  }

  private String own(String more) {
    return field + more;
  }

  private static int twice(int number) {
    return 2 * number;
  }

  private static List<Object> keys() {
    int[] array = {1};
    Key key = new Key(1, 2, Double.NaN, true, 'e', (short) 3, (byte) 4, -0.0f, "i", array);
    Key same = new Key(1, 2, Double.NaN, true, 'e', (short) 3, (byte) 4, -0.0f, "i", array);
    List<Object> others = new ArrayList<>();
    others.add(new Key(0, 2, Double.NaN, true, 'e', (short) 3, (byte) 4, -0.0f, "i", array));
    others.add(new Key(1, 0, Double.NaN, true, 'e', (short) 3, (byte) 4, -0.0f, "i", array));
    others.add(new Key(1, 2, 0, true, 'e', (short) 3, (byte) 4, -0.0f, "i", array));
    others.add(new Key(1, 2, Double.NaN, false, 'e', (short) 3, (byte) 4, -0.0f, "i", array));
    others.add(new Key(1, 2, Double.NaN, true, '-', (short) 3, (byte) 4, -0.0f, "i", array));
    others.add(new Key(1, 2, Double.NaN, true, 'e', (short) 0, (byte) 4, -0.0f, "i", array));
    others.add(new Key(1, 2, Double.NaN, true, 'e', (short) 3, (byte) 0, -0.0f, "i", array));
    others.add(new Key(1, 2, Double.NaN, true, 'e', (short) 3, (byte) 4, 0.0f, "i", array));
    others.add(new Key(1, 2, Double.NaN, true, 'e', (short) 3, (byte) 4, -0.0f, null, array));
    others.add(new Key(1, 2, Double.NaN, true, 'e', (short) 3, (byte) 4, -0.0f, "i", null));
    others.add(null);
    others.add("i");
    List<Object> seen = new ArrayList<>();
    seen.add(key.equals(key) && key.equals(same) && key.hashCode() == same.hashCode());
    others.forEach(other -> seen.add(key.equals(other)));
    seen.add(new Key(1, 2, 3.5, true, 'e', (short) 3, (byte) 4, 5.5f, "i", null).hashCode());
    seen.add(new Nothing().hashCode());
    seen.add(new Nothing().equals(new Nothing()));
    return seen;
  }

  @Override
  public List<Object> call() throws Exception {
    List<Object> seen = new ArrayList<>();
    int a = seen.size() + 1;
    long b = a + 1L;
    double c = b + 0.5;
    Supplier<String> captures = () -> join(a, b, c, field);
    Function<String, String> bound = this::own;
    BiFunction<Expressions, String, String> unbound = Expressions::own;
    Supplier<List<String>> makes = ArrayList::new;
    IntFunction<String[]> makesArray = String[]::new;
    IntUnaryOperator numbers = x -> x + a;
    LongSupplier wide = () -> b;
    Function<String, Integer> converts = String::length;
    ToLongFunction<String> widens = String::length;
    Function<Integer, Integer> unboxes = Expressions::twice;
    ToIntFunction<String> parses = Integer::valueOf;
    Predicate<String> empty = String::isEmpty;
    Runnable drops = seen::size;
    Callable<Object> nested = () -> Stream.of("b", "a").sorted(Comparator.naturalOrder()).toList();
    Named named = () -> "named";
    drops.run();
    seen.add(captures.get());
    seen.add(bound.apply("!"));
    seen.add(unbound.apply(this, "?"));
    seen.add(makes.get());
    seen.add(makesArray.apply(2).length);
    seen.add(numbers.applyAsInt(3));
    seen.add(wide.getAsLong());
    seen.add(converts.apply("1234567"));
    seen.add(widens.applyAsLong("12"));
    seen.add(unboxes.apply(21));
    seen.add(parses.applyAsInt("42"));
    seen.add(empty.test(""));
    seen.add(keys());
    seen.add(nested.call());
    seen.add(named.twice().get());
    seen.add(new Below().both());
    return seen;
  }
}
