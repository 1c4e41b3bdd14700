/**
 * What the build does with compiled classes before they are packed. In: a folder of classes; out:
 * the same folder. Run by Maven. Invariant: what the classes do stays the same.
 */
@NullMarked
package io.millrace.build;

import org.jspecify.annotations.NullMarked;
