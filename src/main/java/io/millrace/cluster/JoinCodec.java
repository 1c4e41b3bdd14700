package io.millrace.cluster;

import io.millrace.cluster.MetadataQuorum.Invitation;
import io.millrace.cluster.MetadataQuorum.Peer;
import io.millrace.cluster.peer.PeerAddress;
import io.millrace.metadata.Endpoint;
import io.millrace.metadata.ImageCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * The bytes of a request to join a cluster and of its answers: a version byte, then the fields in
 * order. What was added later stands at the end: earlier releases pass over it, and what they do
 * not send is 0, or what they understand. Stateless.
 */
final class JoinCodec {
  private static final int VERSION = 1;
  private static final int VOTERS_MAX = 100;

  private JoinCodec() {}

  /**
   * A request to follow the metadata log.
   *
   * @param peer who wants to
   * @param incarnation random id of its process
   * @param recoveries how often the metadata that it knows of was recovered: a log of fewer is not
   *     the one that it is to follow
   * @param format newest form of an image that it reads
   */
  record Request(Peer peer, Uuid incarnation, int recoveries, int format) {}

  /** What a request is answered with. */
  sealed interface Answer {
    /** It may. */
    record Invited(Invitation invitation) implements Answer {}

    /** Another broker decides that. */
    record AskAnother(PeerAddress leader) implements Answer {}

    /** Nobody decides at present. */
    record AskLater() implements Answer {}

    /** It may not; the reason is for its operator. */
    record Refused(String sentence) implements Answer {}
  }

  private interface Writing {
    void write(DataOutputStream out) throws IOException;
  }

  private interface Reading<T> {
    T read(DataInputStream in) throws IOException;
  }

  static byte[] encode(Request request) {
    return written(
        out -> {
          writePeer(out, request.peer());
          writeId(out, request.incarnation());
          out.writeInt(request.recoveries());
          out.writeByte(request.format());
        });
  }

  static Request decodeRequest(byte[] bytes) {
    return read(
        bytes,
        in -> {
          Peer peer = readPeer(in);
          Uuid incarnation = readId(in);
          return in.available() == 0
              ? new Request(peer, incarnation, 0, ImageCodec.FORMAT_2)
              : new Request(peer, incarnation, in.readInt(), in.readUnsignedByte());
        });
  }

  static byte[] encode(Answer answer) {
    return written(
        out -> {
          if (answer instanceof Answer.Invited invited) {
            out.writeByte(0);
            writeInvitation(out, invited.invitation());
          } else if (answer instanceof Answer.AskAnother another) {
            out.writeByte(1);
            out.writeUTF(another.leader().host());
            out.writeInt(another.leader().port());
          } else if (answer instanceof Answer.Refused refused) {
            out.writeByte(2);
            out.writeUTF(refused.sentence());
          } else {
            out.writeByte(3);
          }
        });
  }

  static Answer decodeAnswer(byte[] bytes) {
    return read(
        bytes,
        in -> {
          int kind = in.readUnsignedByte();
          return switch (kind) {
            case 0 -> new Answer.Invited(readInvitation(in));
            case 1 -> new Answer.AskAnother(readAddress(in));
            case 2 -> new Answer.Refused(in.readUTF());
            case 3 -> new Answer.AskLater();
            default -> throw new IOException("an answer of kind " + kind);
          };
        });
  }

  private static PeerAddress readAddress(DataInputStream in) throws IOException {
    PeerAddress address = new PeerAddress(in.readUTF(), in.readInt());
    Endpoint.checkAddress(address.host(), address.port());
    return address;
  }

  private static void writeInvitation(DataOutputStream out, Invitation invitation)
      throws IOException {
    out.writeUTF(invitation.clusterId());
    writeId(out, invitation.groupId());
    out.writeShort(invitation.voters().size());
    for (Peer voter : invitation.voters()) {
      writePeer(out, voter);
    }
    out.writeInt(invitation.recoveries());
  }

  private static Invitation readInvitation(DataInputStream in) throws IOException {
    String clusterId = in.readUTF();
    Uuid groupId = readId(in);
    int count = in.readUnsignedShort();
    if (count > VOTERS_MAX) {
      throw new IOException(count + " voters");
    }
    List<Peer> voters = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      voters.add(readPeer(in));
    }
    int recoveries = in.available() == 0 ? 0 : in.readInt();
    return new Invitation(clusterId, groupId, voters, recoveries);
  }

  private static void writePeer(DataOutputStream out, Peer peer) throws IOException {
    out.writeInt(peer.brokerId());
    out.writeUTF(peer.peerId());
    out.writeUTF(peer.host());
    out.writeInt(peer.port());
  }

  private static Peer readPeer(DataInputStream in) throws IOException {
    Peer peer = new Peer(in.readInt(), in.readUTF(), in.readUTF(), in.readInt());
    Endpoint.checkAddress(peer.host(), peer.port());
    checkId(peer);
    return peer;
  }

  /** All brokers read the ids of peers in the log's configuration, and a wrong one stays there. */
  private static void checkId(Peer peer) throws IOException {
    String prefix = peer.brokerId() + "-";
    if (peer.brokerId() < 0 || !peer.peerId().startsWith(prefix)) {
      throw new IOException("the id of a peer is not of broker " + peer.brokerId());
    }
    String random = peer.peerId().substring(prefix.length());
    if (!Uuid.fromString(random).toString().equals(random)) {
      throw new IOException("the id of a peer has no random part");
    }
  }

  private static void writeId(DataOutputStream out, Uuid id) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  private static Uuid readId(DataInputStream in) throws IOException {
    return new Uuid(in.readLong(), in.readLong());
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      writing.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static <T> T read(byte[] bytes, Reading<T> reading) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("version " + version);
      }
      return reading.read(in);
    } catch (EOFException e) {
      throw new IllegalArgumentException("a join that ends in the middle", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("bytes that belong to no join: " + e.getMessage(), e);
    }
  }
}
