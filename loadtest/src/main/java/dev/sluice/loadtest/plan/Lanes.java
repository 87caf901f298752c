package dev.sluice.loadtest.plan;

/**
 * Which publish connection carries which events. The events of one run stay on one, so that their
 * order is kept; two runs of one chat are on two.
 *
 * <p>Where connections are cut, those with odd numbers are, and carry chats with one run only: how
 * far a run has got is told by the offset of its chat.
 *
 * @param connections how many there are
 * @param chats how many chats
 * @param twoRunChats how many of these, the first ones, have two runs
 * @param cut whether connections are cut
 */
public record Lanes(int connections, int chats, int twoRunChats, boolean cut) {

  /** The connections of a run. */
  public static Lanes of(LoadSpec load, MishapSpec mishaps) {
    return new Lanes(load.connections(), load.chats(), load.twoRunChats(), mishaps.cuts() > 0);
  }

  /** The least number of connections that this needs. */
  public static int needed(int twoRunChats, boolean cut) {
    int steady = twoRunChats > 0 ? 2 : 1;
    return cut ? 2 * steady : steady;
  }

  /** The connection for the events that have this chat number in the timetable. */
  public int lane(int number) {
    int chat = number % chats;
    if (twoRunChats == 0 || chat >= twoRunChats) {
      return number % connections;
    }
    int apart = number == chat ? 0 : 1;
    return cut ? 2 * ((chat + apart) % ((connections + 1) / 2)) : (chat + apart) % connections;
  }

  /** Whether a connection is cut. */
  public boolean isCut(int connection) {
    return cut && connection % 2 == 1;
  }

  /** Whether the publisher of a chat may be cut. */
  public boolean mayBeCut(int chat) {
    return isCut(lane(chat));
  }

  /** The connections that are cut, in turn. */
  int cuttable(int turn) {
    return 1 + 2 * (turn % (connections / 2));
  }
}
