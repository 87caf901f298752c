/**
 * Every number that is published, named once. The lowest room: whatever counts something may look
 * here, and this looks at nobody.
 */
@NullMarked
package dev.sluice.metrics;

import org.jspecify.annotations.NullMarked;
