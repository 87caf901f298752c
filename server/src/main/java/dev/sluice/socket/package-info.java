/**
 * Listening sockets whose connections keep little. Netty's own channels are made for every use; an
 * edge holds tens of thousands of them that wait. What these leave out is what such a connection
 * never needs again: copies of its two addresses, which the kernel knows, and an id that is unique
 * among all machines.
 *
 * <p>They build on what Netty gives to subclasses. io_uring's channels are closed to them, so there
 * Netty's own are used; all behave the same.
 */
@NullMarked
package dev.sluice.socket;

import org.jspecify.annotations.NullMarked;
