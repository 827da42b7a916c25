package dev.crossfade.engine.access;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What each call needs: the one table of it. A call that is not here is served by nobody: a control
 * plane that has one does not start.
 */
public final class CallNeeds {
  private static final Map<String, Need> TABLE = table();

  private CallNeeds() {}

  private static Map<String, Need> table() {
    Map<String, Need> table = new TreeMap<>();
    ours(table, "MigrationService", Need.VIEWER, "Get", "List", "Watch");
    ours(
        table,
        "MigrationService",
        Need.OPERATOR,
        "Apply",
        "SetStage",
        "SetReadPercent",
        "SetConsistency",
        "Rollback");
    ours(table, "ReadinessService", Need.VIEWER, "GetReadiness");
    ours(table, "FlagService", Need.OPERATOR, "Follow");
    ours(table, "JobService", Need.VIEWER, "GetJob", "ListJobs");
    ours(table, "JobService", Need.OPERATOR, "StartJob", "PauseJob", "ResumeJob", "CancelJob");
    ours(table, "DeadLetterService", Need.VIEWER, "ListDeadLetters");
    ours(table, "DeadLetterService", Need.OPERATOR, "ReplayDeadLetters", "DiscardDeadLetters");
    ours(table, "SidecarService", Need.VIEWER, "ListSidecars");
    ours(table, "SidecarService", Need.SIDECAR, "Connect");
    ours(table, "SignalService", Need.VIEWER, "GetSignals", "WatchSignals", "ListMismatches");
    ours(table, "SignalService", Need.OPERATOR, "ForgetMismatches");
    ours(table, "RolloutService", Need.VIEWER, "GetRollout", "WatchRollout");
    ours(
        table,
        "RolloutService",
        Need.OPERATOR,
        "StartRollout",
        "PauseRollout",
        "ResumeRollout",
        "ConfirmStep",
        "AbortRollout",
        "RecordEvidence");
    ours(table, "EvidenceService", Need.VIEWER, "ListEvidence", "GetEvidence");
    ours(table, "EvidenceService", Need.OPERATOR, "SubmitEvidence");
    ours(table, "AuditService", Need.VIEWER, "ListAudit", "VerifyAudit");
    ours(table, "AccessService", Need.ANY_ROLE, "WhoAmI");
    ours(table, "AccessService", Need.ADMIN, "CreateToken", "ListTokens", "RevokeToken");
    put(table, "grpc.health.v1.Health", Need.NOTHING, "Check", "Watch");
    put(table, "grpc.reflection.v1.ServerReflection", Need.VIEWER, "ServerReflectionInfo");
    return Map.copyOf(table);
  }

  private static void ours(Map<String, Need> table, String service, Need need, String... methods) {
    put(table, "crossfade.v1." + service, need, methods);
  }

  private static void put(Map<String, Need> table, String service, Need need, String... methods) {
    for (String method : methods) {
      if (table.put(service + '/' + method, need) != null) {
        throw new IllegalStateException(service + '/' + method + " has two needs");
      }
    }
  }

  /**
   * What a call needs.
   *
   * @param method such as {@code crossfade.v1.MigrationService/Get}
   */
  public static Optional<Need> of(String method) {
    return Optional.ofNullable(TABLE.get(method));
  }

  /** The whole table. */
  public static Map<String, Need> all() {
    return TABLE;
  }
}
