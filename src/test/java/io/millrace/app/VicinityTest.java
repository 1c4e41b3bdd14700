package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.founding.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VicinityTest {
  private ServerSocket self;
  private ServerSocket other;
  private Place vacant;

  @BeforeEach
  void listen() throws IOException {
    self = new ServerSocket(0, 50, InetAddress.getByName(Machine.LOOPBACK));
    other = new ServerSocket(0, 50, InetAddress.getByName(Machine.LOOPBACK));
    try (ServerSocket gone = new ServerSocket(0, 50, InetAddress.getByName(Machine.LOOPBACK))) {
      vacant = at("localhost", gone);
    }
  }

  @AfterEach
  void close() throws IOException {
    self.close();
    other.close();
  }

  private static Place at(String host, ServerSocket socket) {
    return new Place(host, socket.getLocalPort());
  }

  private Vicinity around(Place... places) {
    return Vicinity.of(List.of(places), at(Machine.LOOPBACK, self));
  }

  @Test
  void knowsWhereNobodyListens() {
    Vicinity near = around(vacant, at("localhost", other));

    assertThat(near.vacant()).containsExactly(vacant);
    assertThat(near.own()).isEmpty();
  }

  @Test
  void knowsItselfByAnyNameOfItsAddress() {
    Place named = at("localhost", self);
    Place written = at(Machine.LOOPBACK, self);

    assertThat(around(named, written).own()).containsExactlyInAnyOrder(named, written);
  }

  @Test
  void saysNothingOfWhoeverElseListens() {
    Place busy = at(Machine.LOOPBACK, other);

    assertThat(around(busy, vacant, at("localhost", self)).others(List.of(vacant, busy)))
        .containsExactly(busy);
  }

  @Test
  void asksNoOtherHosts() {
    Place elsewhere = new Place("no-such-host.invalid", self.getLocalPort());

    Vicinity near = around(elsewhere);

    assertThat(near.vacant()).isEmpty();
    assertThat(near.own()).isEmpty();
  }
}
