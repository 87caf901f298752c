/** The server: its composition, its command line and its configuration. */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
