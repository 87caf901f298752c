/**
 * The process under load, seen from outside: where it listens, what memory and CPU time it takes. A
 * missing tool or a process that may not be looked at costs a figure and leaves a note; it never
 * fails the run.
 */
@NullMarked
package dev.sluice.loadtest.target;

import org.jspecify.annotations.NullMarked;
