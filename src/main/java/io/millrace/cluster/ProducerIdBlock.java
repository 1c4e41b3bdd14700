package io.millrace.cluster;

/**
 * Producer ids that this broker alone may hand out.
 *
 * @param first the first id
 * @param count number of ids
 */
public record ProducerIdBlock(long first, int count) {}
