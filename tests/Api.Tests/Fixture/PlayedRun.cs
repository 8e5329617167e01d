using System.Text.Json;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Contracts;

namespace Holoflow.Api.Tests.Fixture;

/// <summary>A run whose agent is played by the test: it reports over the real bus what a process would.</summary>
sealed class PlayedRun(RunningApi api, Guid id, long epoch)
{
    const string Agent = "test-agent";

    long _sequence;
    long _line;

    public Guid Id => id;

    public static FlowProgram Program { get; } = new() { Path = "/opt/flows/Demo.dll", Method = "Main" };

    /// <summary>Submits a run.</summary>
    public static async Task<Guid> Submit(RunningApi api, string flow = "demo", CreateFlowRun? asked = null)
    {
        var created = await api.Client.FlowRuns.Create(asked ?? new CreateFlowRun { FlowName = flow, Program = Program }, cancellation: TestContext.Current.CancellationToken);
        Assert.True(created.Stored);
        return created.Id;
    }

    /// <summary>Submits a run, claims it and starts it.</summary>
    public static async Task<PlayedRun> Start(RunningApi api, string flow = "demo", CreateFlowRun? asked = null)
    {
        var id = await Submit(api, flow, asked);
        var claimed = await api.Bus.Request(new ClaimRun(id, Agent, Guid.CreateVersion7()), TestContext.Current.CancellationToken);
        Assert.True(claimed.Granted, claimed.Reason);
        var run = new PlayedRun(api, id, claimed.Run!.Epoch);
        await run.Report(RunReport.Started);
        return run;
    }

    public async Task Report(RunReport report, string? message = null)
    {
        var answer = await api.Bus.Request(
            new ReportRun { RunId = id, AgentId = Agent, Epoch = epoch, Report = report, Message = message, At = TimeProvider.System.GetUtcNow() },
            TestContext.Current.CancellationToken);
        Assert.Equal(CommandOutcome.Accepted, answer.Outcome);
    }

    /// <summary>Creates a task run.</summary>
    public async Task<Guid> Task(string name, params TaskEdge[] inputs)
    {
        var task = Guid.CreateVersion7();
        await Tell(new RunEvent { Sequence = 0, At = default, Kind = RunEventKind.TaskCreated, Subject = task, Key = $"{name}-{_sequence}", TaskName = name, RunName = $"{name} {_sequence}", Tags = ["t"], Inputs = inputs });
        return task;
    }

    public Task State(Guid task, string type, string? name = null) =>
        Tell(new RunEvent { Sequence = 0, At = default, Kind = RunEventKind.TaskChanged, Subject = task, Type = type, Name = name ?? type, RunCount = 1 });

    public Task Progress(Guid task, double fraction) =>
        Tell(new RunEvent { Sequence = 0, At = default, Kind = RunEventKind.Progressed, Subject = task, Task = task, Fraction = fraction, Message = "so far" });

    public async Task<Guid> Artifact(string key, string type, object? data = null, string? file = null)
    {
        var artifact = Guid.CreateVersion7();
        await Tell(new RunEvent
        {
            Sequence = 0,
            At = default,
            Kind = RunEventKind.ArtifactMade,
            Subject = artifact,
            Key = key,
            Type = type,
            Data = data is null ? null : JsonSerializer.SerializeToElement(data),
            File = file,
        });
        return artifact;
    }

    /// <summary>Sends events in one batch.</summary>
    public async Task Tell(params RunEvent[] events)
    {
        var numbered = events.Select(e => e with { Sequence = ++_sequence, At = TimeProvider.System.GetUtcNow() }).ToList();
        var answer = await api.Bus.Request(new ReportTasks(id, Agent, epoch, numbered), TestContext.Current.CancellationToken);
        Assert.True(answer.Outcome == CommandOutcome.Accepted && answer.Reason is null, answer.Reason);
    }

    public async Task Log(params string[] lines)
    {
        var numbered = lines.Select(text => new LogLine(0, ++_line, TimeProvider.System.GetUtcNow(), 2, null, "flow", text)).ToList();
        var answer = await api.Bus.Request(new LogChunk(id, Agent, numbered), TestContext.Current.CancellationToken);
        Assert.Equal(CommandOutcome.Accepted, answer.Outcome);
    }
}
