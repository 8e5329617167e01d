using System.Text.RegularExpressions;
using Holoflow.ReadModel.Overview;
using Holoflow.ReadModel.Scheduling;
using Holoflow.StateStore.Runs;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Scheduling;

/// <summary>What the scheduler and the overview ask costs by what waits, is held or is shown, however long the history is: each goes by its index.</summary>
public sealed partial class QueryPlanTests
{
    [Theory]
    [InlineData(WaitingRuns.Waiting, "SEARCH flow_runs USING INDEX ix_flow_runs_waiting (state_type=? AND queue=? AND (priority,due_at,id)>(?,?,?))")]
    [InlineData(WaitingRuns.NextDue, "SEARCH flow_runs USING COVERING INDEX ix_flow_runs_due (state_type=? AND due_at>?)")]
    [InlineData(WaitingRuns.Loads, "SCAN q", "CORRELATED SCALAR SUBQUERY 1", "SEARCH r USING COVERING INDEX ix_flow_runs_held (queue=? AND lease_agent>?)")]
    [InlineData(ClaimRunHandler.HeldOfQueue, "SEARCH flow_runs USING COVERING INDEX ix_flow_runs_held (queue=? AND lease_agent>?)")]
    [InlineData(SweepRunsHandler.ExpiredLeases, "SEARCH flow_runs USING INDEX ix_flow_runs_leased (lease_expires_at<?)")]
    [InlineData(SweepRunsHandler.LateRuns, "SEARCH flow_runs USING INDEX ix_flow_runs_not_late (state_type=? AND due_at<?)")]
    [InlineData(SweepRunsHandler.ExpiredRuns, "SEARCH flow_runs USING COVERING INDEX ix_flow_runs_expiring (state_type=? AND expires_at>? AND expires_at<?)")]
    [InlineData(RunOverview.ByHour, "SEARCH run_hours USING PRIMARY KEY (hour>?)")]
    [InlineData(RunOverview.ByState, "SEARCH run_counts USING PRIMARY KEY (state_type=?)")]
    [InlineData(RunOverview.CountDue, "SEARCH flow_runs USING COVERING INDEX ix_flow_runs_due (state_type=? AND due_at<?)")]
    [InlineData(RunOverview.CountNotLate, "SEARCH flow_runs USING INDEX ix_flow_runs_not_late (state_type=? AND due_at<?)")]
    [InlineData(RunOverview.NewestCompleted, "SEARCH flow_runs USING INDEX ix_flow_runs_flow_state (flow_name=? AND state_type=?)")]
    public async Task A_question_goes_by_its_index(string sql, params string[] plan)
    {
        await using var file = await TemporaryStore.Create();
        await using var session = await file.Database.OpenReadSession(TestContext.Current.CancellationToken);
        var steps = new List<string>();
        using var rows = session.Query($"EXPLAIN QUERY PLAN {Parameter().Replace(sql, "1")}");
        while (rows.Next())
            steps.Add(rows.Text(3));
        Assert.Equal(plan, steps);
    }

    [GeneratedRegex(@"\$\d")]
    private static partial Regex Parameter();
}
