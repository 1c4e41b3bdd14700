/**
 * The active controller's decisions.
 *
 * <p>In: an image and a request. Out: facts and the reply. It changes nothing itself: the facts do,
 * when the metadata log has them. Runs on the control loop; pure.
 */
@NullMarked
package io.millrace.cluster.controller;

import org.jspecify.annotations.NullMarked;
