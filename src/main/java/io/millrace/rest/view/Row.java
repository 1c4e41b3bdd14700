package io.millrace.rest.view;

import io.vertx.core.json.JsonObject;

/** One item of a list. Rows that are equal look the same. Immutable. */
public interface Row {

  /** What names the item within its list. */
  Object key();

  /** The item as the list shows it. */
  JsonObject json();
}
