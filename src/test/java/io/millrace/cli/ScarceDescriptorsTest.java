package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScarceDescriptorsTest {
  @Test
  void readsTheLimitThatHoldsNow() {
    List<String> limits =
        List.of(
            "Limit                     Soft Limit           Hard Limit           Units     ",
            "Max processes             95935                95935                processes ",
            "Max open files            1024                 524288               files     ");

    assertThat(ScarceDescriptors.limit(limits)).hasValue(1024);
  }

  @Test
  void knowsNoLimitWhereThereIsNone() {
    assertThat(ScarceDescriptors.limit(List.of("Max open files unlimited unlimited files")))
        .isEmpty();
    assertThat(ScarceDescriptors.limit(List.of())).isEmpty();
  }
}
