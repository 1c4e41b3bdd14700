package io.millrace.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OpenFilesTest {
  @Test
  void readsTheLimitThatHoldsNow() {
    List<String> limits =
        List.of(
            "Limit                     Soft Limit           Hard Limit           Units     ",
            "Max processes             95935                95935                processes ",
            "Max open files            1024                 524288               files     ");

    assertThat(OpenFiles.limit(limits)).hasValue(1024);
  }

  @Test
  void knowsNoLimitWhereThereIsNone() {
    assertThat(OpenFiles.limit(List.of("Max open files unlimited unlimited files"))).isEmpty();
    assertThat(OpenFiles.limit(List.of())).isEmpty();
  }
}
