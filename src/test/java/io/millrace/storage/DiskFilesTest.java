package io.millrace.storage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.storage.log.LogFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFilesTest {
  private static final int SIZE = 300_000;

  @TempDir Path temp;

  private LogFile file() throws IOException {
    LogFile file = new DiskFiles().open(temp.resolve("file"), true);
    file.write(new ByteBuffer[] {ByteBuffer.allocate(SIZE)}, 0);
    return file;
  }

  @Test
  void touchesARegionUpToTheEndOfTheFile() throws IOException {
    try (LogFile file = file()) {
      assertThatCode(() -> file.touch(1, SIZE - 1)).doesNotThrowAnyException();
      assertThatCode(() -> file.touch(SIZE, 0)).doesNotThrowAnyException();
    }
  }

  @Test
  void saysThatTheFileEndsBeforeTheTouchedRegion() throws IOException {
    try (LogFile file = file()) {
      assertThatThrownBy(() -> file.touch(1, SIZE))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("ends at " + SIZE);
    }
  }
}
