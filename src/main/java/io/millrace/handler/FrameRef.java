package io.millrace.handler;

/**
 * Holds the memory of a request's frame. Record slices of a request are views into it, so whoever
 * keeps one beyond the handler's first call retains the frame, and releases it as soon as the bytes
 * are in the file. Thread-safe.
 */
public interface FrameRef {
  void retain();

  void release();
}
