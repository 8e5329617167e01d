using Holoflow.Contracts;
using Holoflow.Domain.FlowRuns;
using Holoflow.Persistence.Writes;

namespace Holoflow.StateStore.Runs;

/// <summary>What people and agents ask of a run: the machine decides, the answer tells.</summary>
sealed class RunCommandHandlers(RunTransitions transitions)
{
    const string SaveResult = "UPDATE flow_run_contents SET result = $2 WHERE run_id = $1";

    public CommandAnswered Cancel(WriteSession session, CancelRun message, DateTimeOffset now) =>
        Ask(session, message.RunId, new FlowRunCommand.Cancel(message.Reason), now);

    public CommandAnswered Pause(WriteSession session, PauseRun message, DateTimeOffset now) =>
        Ask(session, message.RunId, new FlowRunCommand.Pause(message.Reason), now);

    public CommandAnswered Resume(WriteSession session, ResumeRun message, DateTimeOffset now) =>
        Ask(session, message.RunId, new FlowRunCommand.Resume(), now);

    public CommandAnswered Rerun(WriteSession session, RerunRun message, DateTimeOffset now) =>
        Ask(session, message.RunId, new FlowRunCommand.Rerun(message.Reason), now);

    public CommandAnswered Report(WriteSession session, ReportRun message, DateTimeOffset now)
    {
        var answer = Ask(session, message.RunId, ToCommand(message), now);
        if (answer.Outcome == CommandOutcome.Accepted && message.Result is { } result)
            session.Post(SaveResult, message.RunId, result.GetRawText());
        return answer;
    }

    static FlowRunCommand ToCommand(ReportRun report) => report.Report switch
    {
        RunReport.Started => new FlowRunCommand.Start(report.Epoch),
        RunReport.GivenBack => new FlowRunCommand.GiveBack(report.Epoch, report.Message ?? "the agent gave the run back"),
        RunReport.Completed => Finish(report, RunOutcome.Completed),
        RunReport.Failed => Finish(report, RunOutcome.Failed),
        RunReport.Crashed => Finish(report, RunOutcome.Crashed),
        RunReport.Cancelled => Finish(report, RunOutcome.Cancelled),
        _ => throw new ArgumentOutOfRangeException(nameof(report), report.Report, "is no report"),
    };

    static FlowRunCommand.Finish Finish(ReportRun report, RunOutcome outcome) => new(report.Epoch, outcome, report.Name, report.Message);

    CommandAnswered Ask(WriteSession session, Guid runId, FlowRunCommand command, DateTimeOffset now)
    {
        if (FlowRunTable.Load(session, runId) is not { } record)
            return new CommandAnswered(CommandOutcome.NotFound, $"there is no run {runId}") { Field = "runId" };
        if (record.ParentRunId is { } parent)
            return new CommandAnswered(CommandOutcome.Refused, $"run '{record.Name}' is part of run {parent}: ask that one", runId, record.Run.Version) { Field = "runId" };
        return transitions.Apply(session, record, command, now) switch
        {
            Decision.Accept accept => new CommandAnswered(CommandOutcome.Accepted, null, runId, accept.Next.Version),
            Decision.Ignore ignore => new CommandAnswered(CommandOutcome.Ignored, ignore.Reason, runId, record.Run.Version),
            Decision.Refuse refuse => new CommandAnswered(CommandOutcome.Refused, refuse.Reason, runId, record.Run.Version),
            _ => throw new InvalidOperationException("the machine gave no answer"),
        };
    }
}
