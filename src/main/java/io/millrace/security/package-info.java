/** Who may do what. Handlers and coordinators ask {@code Authorizer} before they act. Pure. */
@NullMarked
package io.millrace.security;

import org.jspecify.annotations.NullMarked;
