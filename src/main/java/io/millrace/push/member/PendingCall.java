package io.millrace.push.member;

/**
 * A question whose answer is awaited. Immutable.
 *
 * @param number number of the call
 * @param sentAtMs monotonic time in ms at which it was sent
 * @param deadlineMs monotonic time in ms after which no answer is waited for
 */
record PendingCall(int number, long sentAtMs, long deadlineMs) {}
