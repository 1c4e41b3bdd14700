package io.millrace.rest.view;

import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/**
 * What a broker's process knows of itself. Thread-safe.
 *
 * @param version version of the program
 * @param startedWallMs wall-clock time in ms of the start
 * @param startedMonotonicMs the same on the monotonic clock
 * @param host where clients on this machine reach a listener that tells no address
 * @param ports the port that a listener has bound
 * @param webPort the port of the web door; -1 before it is open
 */
public record BrokerSelf(
    String version,
    long startedWallMs,
    long startedMonotonicMs,
    String host,
    ToIntFunction<String> ports,
    IntSupplier webPort) {}
