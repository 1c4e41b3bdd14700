/** What people unpack and install: the archive, the scripts for Windows, the units of systemd. */
@NullMarked
package io.millrace.distribution;

import org.jspecify.annotations.NullMarked;
