/**
 * Who may do what. Handlers and coordinators ask {@code Authorizer} before they act; the web door
 * asks {@code Admission} before a session of a browser begins. Pure.
 */
@NullMarked
package io.millrace.security;

import org.jspecify.annotations.NullMarked;
