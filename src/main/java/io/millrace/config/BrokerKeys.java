package io.millrace.config;

/**
 * All keys of the broker that code reads, in one place to look them up. Keys that are known and do
 * nothing here are in {@link KnownKeys}. Immutable.
 */
public interface BrokerKeys extends ServerKeys, StorageKeys, GroupKeys, ClusterKeys {}
