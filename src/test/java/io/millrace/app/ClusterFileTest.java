package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cluster.founding.Place;
import io.millrace.storage.DiskFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterFileTest {
  @TempDir Path home;

  private ClusterFile file() {
    return new ClusterFile(new DiskFiles(), home.resolve("metadata"));
  }

  @Test
  void keepsWhereTheOthersAre() {
    List<Place> places = List.of(new Place("b", 17092), new Place("::1", 17096));
    ClusterFile file = file();
    assertThat(file.brokers()).isEmpty();

    file.keepPort(17092);
    file.keepBrokers(places);

    assertThat(file().brokers()).isEqualTo(places);
    assertThat(file().port()).isEqualTo(17092);
  }

  @Test
  void forgetsThoseThatLeft() {
    file().keepBrokers(List.of(new Place("b", 17092)));
    file().keepBrokers(List.of());

    assertThat(file().brokers()).isEmpty();
  }

  @Test
  void aPlaceWithoutAPortIsDamage() throws IOException {
    Files.writeString(home.resolve(ClusterFile.NAME), "brokers=b\n");

    assertThatThrownBy(this::file)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("delete");
  }
}
