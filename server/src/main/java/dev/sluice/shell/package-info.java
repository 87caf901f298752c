/**
 * The shell commands {@code tail} and {@code publish}: clients of a running server, over HTTP like
 * any other. Nothing here is part of the server.
 *
 * <p>{@link dev.sluice.shell.TailCommand} reads a chat over as many connections as that takes
 * ({@link dev.sluice.shell.ChatFollower}) and writes it as text or as JSON; {@link
 * dev.sluice.shell.PublishCommand} sends what it reads as one open NDJSON request. Their exit codes
 * are {@link dev.sluice.shell.ExitCodes}. One thread each.
 */
@NullMarked
package dev.sluice.shell;

import org.jspecify.annotations.NullMarked;
