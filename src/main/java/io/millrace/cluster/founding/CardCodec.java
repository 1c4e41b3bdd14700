package io.millrace.cluster.founding;

import io.millrace.cluster.founding.Card.Founder;
import io.millrace.cluster.founding.Card.Stage;
import io.millrace.metadata.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * The bytes of a {@link Card}: a version byte, then its fields in order; texts in modified UTF-8
 * behind their length in 16 bits. A reader passes over what a newer version puts behind; the count
 * of recoveries is such a field, and 0 where it is missing. Stateless.
 */
public final class CardCodec {
  private static final int VERSION = 1;
  private static final int KNOWN_MAX = 1000;

  private CardCodec() {}

  /** The bytes of a card. */
  public static byte[] encode(Card card) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(card.brokerId());
      out.writeLong(card.incarnation().getMostSignificantBits());
      out.writeLong(card.incarnation().getLeastSignificantBits());
      out.writeUTF(card.name());
      out.writeUTF(card.clusterId());
      out.writeByte(card.stage().ordinal());
      out.writeByte(card.founder().ordinal());
      out.writeBoolean(card.blank());
      writePlace(out, card.place());
      out.writeLong(card.startedMs());
      List<Place> known = card.known().subList(0, Math.min(KNOWN_MAX, card.known().size()));
      out.writeShort(known.size());
      for (Place place : known) {
        writePlace(out, place);
      }
      out.writeInt(card.recoveries());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void writePlace(DataOutputStream out, Place place) throws IOException {
    out.writeUTF(place.host());
    out.writeInt(place.port());
  }

  /**
   * Reads a card.
   *
   * @throws IllegalArgumentException when the bytes are no card
   */
  public static Card decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version < VERSION) {
        throw new IllegalArgumentException("a card of version " + version);
      }
      return new Card(
          in.readInt(),
          new Uuid(in.readLong(), in.readLong()),
          readLine(in),
          readLine(in),
          constant(Stage.values(), in.readUnsignedByte()),
          constant(Founder.values(), in.readUnsignedByte()),
          in.readBoolean(),
          readPlace(in),
          in.readLong(),
          readKnown(in),
          in.available() == 0 ? 0 : in.readInt());
    } catch (IOException e) {
      throw new IllegalArgumentException("bytes that are no card", e);
    }
  }

  private static <T> T constant(T[] values, int ordinal) {
    if (ordinal >= values.length) {
      throw new IllegalArgumentException("a card with a state " + ordinal);
    }
    return values[ordinal];
  }

  /** What others say of themselves ends in lines of logs. */
  private static String readLine(DataInputStream in) throws IOException {
    String text = in.readUTF();
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a card with a text that is no line");
    }
    return text;
  }

  private static Place readPlace(DataInputStream in) throws IOException {
    Place place = new Place(in.readUTF(), in.readInt());
    try {
      Endpoint.checkAddress(place.host(), place.port());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a card with " + e.getMessage(), e);
    }
    return place;
  }

  private static List<Place> readKnown(DataInputStream in) throws IOException {
    int count = in.readUnsignedShort();
    if (count > KNOWN_MAX) {
      throw new IllegalArgumentException("a card that knows " + count + " brokers");
    }
    List<Place> known = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      known.add(readPlace(in));
    }
    return known;
  }
}
