package io.millrace.push;

import io.millrace.model.Caller;
import org.jspecify.annotations.Nullable;

/**
 * What a session is known by. Immutable.
 *
 * @param id number, never used twice by a process
 * @param caller as whom it acts
 * @param origin its {@code Origin}, or null
 * @param dialled host and port that it dialled, or null
 * @param agent its {@code User-Agent}, or null
 * @param openedMs when it was opened, wall clock
 * @param isQuick whether its address said what to read, so that it ends with that
 */
record SessionInfo(
    long id,
    Caller caller,
    @Nullable String origin,
    @Nullable String dialled,
    @Nullable String agent,
    long openedMs,
    boolean isQuick) {}
