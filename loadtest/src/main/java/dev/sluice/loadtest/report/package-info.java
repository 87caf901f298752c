/**
 * The result of a run as a verdict, a table for people and files for programs. Nothing here
 * measures.
 */
@NullMarked
package dev.sluice.loadtest.report;

import org.jspecify.annotations.NullMarked;
