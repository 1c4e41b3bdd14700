package io.millrace.rest.view;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What a view shows at one moment. Immutable. */
public sealed interface Content {

  /** The JSON document. */
  Buffer encode();

  /**
   * A list.
   *
   * @param name name of the list in the document
   * @param grows whether items are only ever added
   * @param rows its items, in order
   */
  record Table(String name, boolean grows, List<? extends Row> rows) implements Content {
    @Override
    public Buffer encode() {
      Buffer out = Buffer.buffer(64 + rows.size() * 256);
      out.appendString("{\"" + name + "\":[");
      for (int i = 0; i < rows.size(); i++) {
        if (i > 0) {
          out.appendByte((byte) ',');
        }
        out.appendBuffer(rows.get(i).json().toBuffer());
      }
      return out.appendString("]}");
    }
  }

  /**
   * A single document.
   *
   * @param json the whole of it
   */
  record Document(JsonObject json) implements Content {
    @Override
    public Buffer encode() {
      return json.toBuffer();
    }
  }
}
