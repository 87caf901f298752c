package dev.sluice.chat;

/**
 * How far a producer has come that numbers its events.
 *
 * @param producerId what it calls itself
 * @param epoch which start of it
 * @param lastSeq the number of the last event that was taken; the next one has to have one more
 */
public record ProducerState(String producerId, long epoch, long lastSeq) {}
