package dev.sluice.loadtest.target;

/** Finds samples in Prometheus' text format. */
final class PrometheusText {
  private PrometheusText() {}

  /**
   * The sum of all samples of a name, whatever their labels; with labels in {@code name}, of just
   * that one. -1 if there is none.
   */
  static double sum(String text, String name) {
    double sum = -1;
    for (String line : text.lines().toList()) {
      if (!line.startsWith(name) || line.length() == name.length()) {
        continue;
      }
      char after = line.charAt(name.length());
      int labelsEnd = after == '{' ? line.lastIndexOf('}') + 1 : name.length();
      if ((after != ' ' && after != '{') || labelsEnd == 0) {
        continue;
      }
      String[] valueAndTime = line.substring(labelsEnd).strip().split(" ", 2);
      try {
        sum = Math.max(0, sum) + Double.parseDouble(valueAndTime[0]);
      } catch (NumberFormatException e) {
        // No sample: what follows may be one.
      }
    }
    return sum;
  }
}
