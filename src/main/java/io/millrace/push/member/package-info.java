/**
 * A browser as an ordinary member of a Kafka group: what the page, the coordinator and the time say
 * goes in, what is to be asked, told and delivered comes out. What it may deliver it knows from the
 * coordinator's answers alone. Invariant: no record is delivered by a member that was not heard of
 * for the session timeout, nor between the JoinGroup that it sends and the assignment that it gets.
 * Pure.
 */
@NullMarked
package io.millrace.push.member;

import org.jspecify.annotations.NullMarked;
