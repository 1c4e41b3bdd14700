package io.millrace.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Logs that were stored by each release, one entry per line in hexadecimal, the image that they led
 * to in the last line. They must lead to the same image for ever; never change such a file. {@link
 * #main} writes one for a new release.
 */
class StoredLogTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.1"})
  void replaysToTheImageOfItsRelease(String release) {
    List<String> lines = read("/metadata/log-" + release + ".hex");
    ClusterImage image = ClusterImage.EMPTY;
    for (String line : lines.subList(0, lines.size() - 1)) {
      MetadataEntry entry = FactCodec.decode(bytes(line));
      image = image.apply(entry.term(), entry, new ClusterChange.Touched());
    }

    assertThat(image).isEqualTo(ImageCodec.decode(bytes(lines.get(lines.size() - 1))));
    assertThat(image.topics()).isNotEmpty();
  }

  private static ByteBuffer bytes(String line) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(line));
  }

  private static List<String> read(String resource) {
    try (InputStream in = StoredLogTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the log of a release to the file that is named. */
  public static void main(String[] args) throws IOException {
    RandomFacts history = new RandomFacts(42);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      lines.add(HexFormat.of().formatHex(FactCodec.encode(history.nextEntry(1 + i / 40))));
    }
    lines.add(HexFormat.of().formatHex(ImageCodec.encode(history.image())));
    Files.write(Path.of(args[0]), lines);
  }
}
