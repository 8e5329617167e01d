using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Messaging;

namespace Holoflow.Dashboard.Tests.Fixture;

/// <summary>A run whose agent is played: it reports over the server's bus what a process would, at the times it is told.</summary>
sealed class PlayedRun
{
    const string Agent = "played-agent";

    readonly long _epoch;
    IMessageBus _bus;
    long _sequence;
    long _line;

    PlayedRun(IMessageBus bus, Guid id, long epoch) => (_bus, Id, _epoch) = (bus, id, epoch);

    public Guid Id { get; }

    public static async Task<Guid> Submit(IMessageBus bus, SubmitRun run)
    {
        var answered = await bus.Request(run, TestContext.Current.CancellationToken);
        Assert.Equal(CommandOutcome.Accepted, answered.Outcome);
        return run.RunId;
    }

    public static async Task<PlayedRun> Start(IMessageBus bus, SubmitRun submitted, DateTimeOffset at)
    {
        var id = await Submit(bus, submitted);
        var claimed = await bus.Request(new ClaimRun(id, Agent, Guid.CreateVersion7()), TestContext.Current.CancellationToken);
        Assert.True(claimed.Granted, claimed.Reason);
        var run = new PlayedRun(bus, id, claimed.Run!.Epoch);
        await run.Report(RunReport.Started, at);
        return run;
    }

    /// <summary>From here on it reports to another server, which took over the first one's database.</summary>
    public void GoOnWith(IMessageBus bus) => _bus = bus;

    public async Task Report(RunReport report, DateTimeOffset at, string? message = null)
    {
        var answered = await _bus.Request(new ReportRun { RunId = Id, AgentId = Agent, Epoch = _epoch, Report = report, Message = message, At = at }, TestContext.Current.CancellationToken);
        Assert.Equal(CommandOutcome.Accepted, answered.Outcome);
    }

    public async Task Tell(params IReadOnlyList<RunEvent> events)
    {
        foreach (var some in events.Select(e => e with { Sequence = ++_sequence }).Chunk(500))
        {
            var answered = await _bus.Request(new ReportTasks(Id, Agent, _epoch, some), TestContext.Current.CancellationToken);
            Assert.True(answered.Outcome == CommandOutcome.Accepted && answered.Reason is null, answered.Reason);
        }
    }

    public async Task Log(params IReadOnlyList<(DateTimeOffset At, int Level, string Text, Guid? Task)> lines)
    {
        var numbered = lines.Select(line => new LogLine(0, ++_line, line.At, line.Level, line.Task, "flow", line.Text)).ToList();
        var answered = await _bus.Request(new LogChunk(Id, Agent, numbered), TestContext.Current.CancellationToken);
        Assert.Equal(CommandOutcome.Accepted, answered.Outcome);
    }

    public static RunEvent Created(Guid task, string name, string runName, DateTimeOffset at, int? mapIndex = null, params IReadOnlyList<Guid> after) => new()
    {
        Sequence = 0,
        At = at,
        Kind = RunEventKind.TaskCreated,
        Subject = task,
        Key = runName,
        TaskName = name,
        RunName = runName,
        MapIndex = mapIndex,
        Inputs = [.. after.Select(from => new TaskEdge(from, ""))],
    };

    public static RunEvent Job(AllocationReport job, DateTimeOffset at) => new() { Sequence = 0, At = at, Kind = RunEventKind.AllocationChanged, Allocation = job };

    public static RunEvent Entered(Guid task, string type, DateTimeOffset at, string? name = null, string? message = null) =>
        new() { Sequence = 0, At = at, Kind = RunEventKind.TaskChanged, Subject = task, Type = type, Name = name ?? type, Message = message, RunCount = 1 };

    public RunEvent Progressed(double fraction, string message, DateTimeOffset at, double? secondsLeft = null) =>
        new() { Sequence = 0, At = at, Kind = RunEventKind.Progressed, Subject = Id, Fraction = fraction, Message = message, SecondsLeft = secondsLeft };

    public static RunEvent Made(string key, string type, string title, object? data, DateTimeOffset at, string? file = null, Guid? task = null) => new()
    {
        Sequence = 0,
        At = at,
        Kind = RunEventKind.ArtifactMade,
        Subject = Guid.CreateVersion7(at),
        Task = task,
        Key = key,
        Type = type,
        Name = title,
        Data = data is null ? null : JsonSerializer.SerializeToElement(data),
        File = file,
    };
}
