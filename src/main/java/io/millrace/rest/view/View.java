package io.millrace.rest.view;

import io.vertx.core.Future;
import java.util.Set;

/**
 * Something that can be looked at, once or live.
 *
 * <p>Confined to: the loop of views.
 */
public interface View {

  /** Its address, with names in braces: {@code /api/v1/topics/{topic}}. */
  String address();

  /** Names of the query parameters that it knows. */
  Set<String> parameters();

  /**
   * What it shows now.
   *
   * @return on the loop of views; fails with {@link io.millrace.rest.problem.ProblemException} when
   *     the caller may not see it or asks for what is not there
   */
  Future<Content> look(Look look);
}
