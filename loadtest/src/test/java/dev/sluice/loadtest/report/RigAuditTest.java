package dev.sluice.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.plan.RigLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RigAuditTest {
  private static final RigLimits LIMITS = new RigLimits(99, 10);
  private static final long SECOND = 1_000_000_000;

  @Test
  void onTimeIsNoFinding() {
    assertEquals(List.of(), audit(100, 10 * SECOND, 1, 1, null).findings(LIMITS));
  }

  @Test
  void theLastEventMayBeAsLateAsAnyOther() {
    assertEquals(List.of(), audit(100, 10 * SECOND + 10_000_000, 1, 1, null).findings(LIMITS));
  }

  @Test
  void aMissedRateIsAFinding() {
    RigAudit audit = audit(100, 11 * SECOND, 1, 1, null);
    assertEquals(91, audit.ratePercent(10), 0.1);
    assertTrue(audit.findings(LIMITS).get(0).contains("91.0 %"), audit.findings(LIMITS)::toString);
  }

  @Test
  void eventsThatWereNotSentAreAFinding() {
    assertEquals(50, audit(50, SECOND, 1, 1, null).ratePercent(10));
    assertEquals(1, audit(50, SECOND, 1, 1, null).findings(LIMITS).size());
  }

  @Test
  void latenessOnEitherSideIsAFinding() {
    assertEquals(1, audit(100, 10 * SECOND, 10.1, 1, null).findings(LIMITS).size());
    assertEquals(1, audit(100, 10 * SECOND, 1, 10.1, null).findings(LIMITS).size());
  }

  @Test
  void anObstacleIsAFinding() {
    assertEquals(List.of("no ports"), audit(100, 10 * SECOND, 1, 1, "no ports").findings(LIMITS));
  }

  @Test
  void nothingToPublishIsOnTime() {
    RigAudit idle = new RigAudit(0, 0, 0, 0, 0, 0, false, null);
    assertEquals(List.of(), idle.findings(LIMITS));
  }

  private static RigAudit audit(
      long sent,
      long actualNanos,
      double latenessP99Ms,
      double loopLagP99Ms,
      @Nullable String obstacle) {
    return new RigAudit(
        100, sent, 10 * SECOND, actualNanos, latenessP99Ms, loopLagP99Ms, false, obstacle);
  }
}
