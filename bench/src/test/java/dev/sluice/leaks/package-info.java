/** What runs around every test. */
@NullMarked
package dev.sluice.leaks;

import org.jspecify.annotations.NullMarked;
