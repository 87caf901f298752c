/**
 * Servers to compare with, each started by {@code rival NAME}. They pass on what is published,
 * live, and keep nothing for those who come late or resume. None of the rig's other rooms looks in
 * here.
 */
@NullMarked
package dev.sluice.loadtest.rival;

import org.jspecify.annotations.NullMarked;
