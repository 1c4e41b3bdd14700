package io.millrace.rest.view;

import io.vertx.core.json.JsonArray;
import java.util.Arrays;

/** The last five minutes of a number, in steps. Confined to: the loop of views. */
final class History {
  /** Length of a step in ms. */
  static final int STEP_MS = 5_000;

  /** Steps that are kept. */
  static final int STEPS = 60;

  private final float[] values = new float[STEPS];
  private int next;

  History() {
    Arrays.fill(values, Float.NaN);
  }

  /** Adds the value of the step that ends now; NaN when there is none. */
  void add(double value) {
    values[next] = (float) value;
    next = (next + 1) % STEPS;
  }

  /** Oldest first; null where there is none. */
  JsonArray json() {
    JsonArray json = new JsonArray();
    for (int i = 0; i < STEPS; i++) {
      float value = values[(next + i) % STEPS];
      if (Float.isNaN(value)) {
        json.addNull();
      } else {
        json.add(rounded(value));
      }
    }
    return json;
  }

  /** Five minutes without any value. */
  static JsonArray none() {
    return new History().json();
  }

  /** A rate as documents show it: with one decimal below a hundred, else whole. */
  static Number rounded(double rate) {
    if (rate >= 100) {
      return Math.round(rate);
    }
    double tenth = Math.round(rate * 10) / 10.0;
    if (tenth == Math.rint(tenth)) {
      return (long) tenth;
    }
    return tenth;
  }
}
