package io.millrace.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.quota.ConnectionCount.Limits;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionCountTest {
  private final InetAddress one = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
  private final InetAddress two = InetAddress.getByAddress(new byte[] {10, 0, 0, 2});

  ConnectionCountTest() throws Exception {}

  @Test
  void letsSoManyInAndNamesTheLimitToFurtherOnes() {
    ConnectionCount count = new ConnectionCount(Limits.of(3, 2));
    assertThat(count.enter(one)).isNull();
    assertThat(count.enter(one)).isNull();
    assertThat(count.enter(one)).isEqualTo("max.connections.per.ip=2");
    assertThat(count.enter(two)).isNull();
    assertThat(count.enter(two)).isEqualTo("max.connections=3");
    assertThat(count.open()).isEqualTo(3);
  }

  @Test
  void leavesTheLastDescriptorsToFiles() {
    DescriptorRoom room = new DescriptorRoom(256);
    ConnectionCount clients = new ConnectionCount(Limits.NONE);
    ConnectionCount pages = new ConnectionCount(Limits.NONE);
    clients.shareDescriptors(room);
    pages.shareDescriptors(room);
    room.measured(222);

    assertThat(clients.enter(one)).isNull();
    assertThat(pages.enter(one)).isNull();
    assertThat(clients.enter(two)).contains("limit of open files (ulimit -n 256)");
    assertThat(pages.enter(two)).contains("limit of open files");
    assertThat(clients.open()).isEqualTo(1);
    clients.leave(one);
    assertThat(pages.enter(two)).as("what ends makes room for others").isNull();
    room.measured(100);
    assertThat(clients.enter(two)).isNull();
  }

  @Test
  void whatEndsMakesRoom() {
    ConnectionCount count = new ConnectionCount(Limits.of(3, 1));
    assertThat(count.enter(one)).isNull();
    count.leave(one);
    assertThat(count.open()).isZero();
    assertThat(count.enter(one)).isNull();
  }

  @Test
  void someAddressesHaveTheirOwnLimit() {
    ConnectionCount count = new ConnectionCount(new Limits(10, 0, Map.of(two, 1)));
    assertThat(count.enter(one)).isEqualTo("max.connections.per.ip=0");
    assertThat(count.enter(two)).isNull();
    assertThat(count.enter(two)).isEqualTo("max.connections.per.ip=1");
  }

  @Test
  void narrowerLimitsTakeNothingAway() {
    ConnectionCount count = new ConnectionCount(Limits.NONE);
    count.enter(one);
    count.enter(one);
    count.change(Limits.of(1, 1));
    assertThat(count.open()).isEqualTo(2);
    count.leave(one);
    assertThat(count.enter(one)).isNotNull();
    count.leave(one);
    assertThat(count.enter(one)).isNull();
  }

  @Test
  void limitsAreCappedAndWidenedWithoutOverflow() {
    assertThat(Limits.NONE.atMost(5, 4)).isEqualTo(Limits.of(5, 4));
    assertThat(Limits.of(3, 2).plus(10, 1)).isEqualTo(Limits.of(13, 3));
    assertThat(Limits.NONE.plus(1, 1)).isEqualTo(Limits.NONE);
  }
}
