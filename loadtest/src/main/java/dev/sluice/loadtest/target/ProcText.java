package dev.sluice.loadtest.target;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds figures in what the system's tools print. Each method gives -1 when the figure is not
 * there.
 */
final class ProcText {
  private static final Pattern HISTOGRAM_TOTAL =
      Pattern.compile("^Total\\s+\\d+\\s+(\\d+)\\s*$", Pattern.MULTILINE);
  private static final Pattern VM_RSS = Pattern.compile("^VmRSS:\\s+(\\d+) kB$", Pattern.MULTILINE);
  private static final Pattern SPACES = Pattern.compile(" +");

  private ProcText() {}

  /** The bytes of the last row of {@code jcmd GC.class_histogram}. */
  static long histogramTotalBytes(String text) {
    Matcher matcher = HISTOGRAM_TOTAL.matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
  }

  /** Resident memory in {@code /proc/PID/status}. */
  static long rssBytes(String status) {
    Matcher matcher = VM_RSS.matcher(status);
    return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : -1;
  }

  /** User and system time in {@code /proc/PID/stat}, in clock ticks. */
  static long cpuTicks(String stat) {
    // The name in parentheses may itself hold spaces and parentheses: count from the last one.
    int nameEnd = stat.lastIndexOf(')');
    String[] fields = SPACES.split(stat.substring(nameEnd + 1).strip(), -1);
    if (nameEnd < 0 || fields.length < 13) {
      return -1;
    }
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}
