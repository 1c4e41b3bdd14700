package io.millrace.sim.cluster;

import io.millrace.storage.log.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A machine with one disk at a time, and the broker's process on it when one runs.
 *
 * <p>Confined to: the test's thread.
 */
final class SimMachine {
  private final ClusterWorld world;
  private final int id;
  private SimDisk disk;
  private @Nullable ClusterBroker broker;
  private int boots;
  private int runs;

  SimMachine(ClusterWorld world, int id) {
    this.world = world;
    this.id = id;
    this.disk = emptyDisk();
  }

  private SimDisk emptyDisk() {
    SimDisk empty = new SimDisk(world.random.nextLong());
    try {
      // The folder was made long ago.
      empty.createDirectories(Path.of("/data"));
      empty.forceDirectory(Path.of("/"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return empty;
  }

  int id() {
    return id;
  }

  String host() {
    return ClusterWorld.host(id);
  }

  SimDisk disk() {
    return disk;
  }

  String bootId() {
    return "boot-" + boots;
  }

  /** The process that runs; null while none does. */
  @Nullable ClusterBroker broker() {
    return broker;
  }

  boolean isServing() {
    return broker != null && broker.isServing();
  }

  /** Starts the process. */
  void start() {
    world.note("start " + id);
    world.network.powerOn(host());
    broker = new ClusterBroker(world, this, "b" + id + "." + runs++);
  }

  /** The process dies, the page cache does not. */
  void kill() {
    world.note("kill " + id);
    end();
    disk.killProcess();
  }

  /** The power goes: only what was forced is sure, and nothing answers until it is back. */
  void cutPower() {
    world.note("power cut of " + id);
    world.network.powerOff(host());
    end();
    disk.cutPower();
    boots++;
  }

  /** Another disk takes the place of the one that it had, with nothing on it. */
  void loseDisk() {
    world.note("disk of " + id + " is lost");
    world.network.powerOff(host());
    end();
    disk = emptyDisk();
    boots++;
  }

  /** Its clean stop is done. */
  void stopped() {
    broker = null;
    disk.killProcess();
  }

  private void end() {
    ClusterBroker now = broker;
    broker = null;
    if (now != null) {
      now.process().crash();
    }
  }
}
