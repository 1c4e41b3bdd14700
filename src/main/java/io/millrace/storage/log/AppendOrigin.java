package io.millrace.storage.log;

/** Who appends; decides what the log checks and assigns. */
public enum AppendOrigin {
  /** A client's produce request: offsets and epoch are assigned, producer sequences checked. */
  CLIENT,
  /** A coordinator of this broker: offsets and epoch are assigned, sequences are not checked. */
  COORDINATOR,
  /** The partition's leader: offsets and epochs are kept as they came. */
  REPLICATION
}
