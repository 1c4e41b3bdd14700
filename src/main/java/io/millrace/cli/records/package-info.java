/**
 * Records between people and a cluster: how lines become records, how records become text, and how
 * a load of them is made, kept to a rate and measured. In: bytes of streams, records of clients.
 * Out: records and text. Main thread, save what says otherwise. The tools of both faces use it.
 */
@NullMarked
package io.millrace.cli.records;

import org.jspecify.annotations.NullMarked;
