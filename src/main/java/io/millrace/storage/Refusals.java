package io.millrace.storage;

import io.millrace.storage.log.AppendException;
import org.apache.kafka.common.protocol.Errors;

/** Why a log cannot be written that is right in itself. Stateless. */
final class Refusals {
  private Refusals() {}

  /** Retriable, and clients stay. */
  static AppendException diskFull() {
    return new AppendException(
        Errors.NOT_ENOUGH_REPLICAS, "The disk of the broker's log folder is too full");
  }

  /** Retriable, and clients stay: descriptors come back. */
  static AppendException noDescriptor() {
    return new AppendException(
        Errors.NOT_ENOUGH_REPLICAS, "The broker may open no more files at the moment");
  }

  /** The folder failed, or the log was closed or deleted. */
  static AppendException offline() {
    return new AppendException(
        Errors.KAFKA_STORAGE_ERROR, "The partition's log folder is not available");
  }
}
