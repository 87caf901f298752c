package dev.sluice.loadtest.target;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many files, so sockets, this process may have open.
 *
 * @param max the limit
 * @param open how many are open now
 */
public record FileLimit(long max, long open) {
  /** What the event loops, the class path and the reports need besides the sockets. */
  private static final int RESERVE = 64;

  /** The limit of this process; unlimited where the system tells none. */
  public static FileLimit ofThisProcess() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      return new FileLimit(unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount());
    }
    return new FileLimit(Long.MAX_VALUE, 0);
  }

  /** Whether so many more sockets can be opened. */
  public boolean allows(long sockets) {
    return sockets + RESERVE <= max - open;
  }

  /** What to do when they can not. */
  public String advice(long sockets) {
    return sockets
        + " sockets need a limit of "
        + (sockets + open + RESERVE)
        + " open files, it is "
        + max
        + ": raise it (ulimit -n "
        + (sockets + open + RESERVE)
        + ", here and where the target is started) or ask for fewer --streams";
  }
}
