package io.millrace.metadata;

import org.apache.kafka.common.Uuid;

/**
 * What a broker's process brings with it when it registers. Immutable.
 *
 * @param version version of its software; empty when not known
 * @param folder id of its first log folder, which tells whether the process before was the same
 *     broker; {@link Uuid#ZERO_UUID} when not known
 * @param trusted whether its data is all that it ever showed to others: false after a power cut, or
 *     when its folder is not that of the registration before
 */
public record BrokerStart(String version, Uuid folder, boolean trusted) {
  /** Nothing is known, and nothing is distrusted. */
  public static final BrokerStart UNKNOWN = new BrokerStart("", Uuid.ZERO_UUID, true);
}
